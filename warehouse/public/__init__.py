"""What an analyst sees: views and macros over schema core, created anew in every published file."""
