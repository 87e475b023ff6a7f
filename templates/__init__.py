"""What followers read: the templates of posts and the fonts of cards. README.md here is for editors."""
