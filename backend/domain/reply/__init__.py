"""The parts of finding what somebody wrote: words of mail programs, quotes, signatures, HTML."""
