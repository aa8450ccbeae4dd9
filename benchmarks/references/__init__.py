"""What figures are compared with: minimal programs that do the same work, run as processes of their own."""
