//! Figures with a way down to the records behind them. Reads everything, writes nothing.
