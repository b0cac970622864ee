//! Files in: mapping, checking, dry run, commit, undo.
