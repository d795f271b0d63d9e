"""Mail servers that are not Google: the one that hands copied mail to us by LMTP."""
