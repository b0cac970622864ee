//! Why and whom we call: segments, scripts, calling policy, passport, members.
