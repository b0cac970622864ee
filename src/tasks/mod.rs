//! Something a person should do, about a company, by a time.
