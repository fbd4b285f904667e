"""What the scripts of this directory share; see ARCHITECTURE.md, Measuring."""
