"""What Google's parser refuses, and what its rules for cards forbid or advise against."""
