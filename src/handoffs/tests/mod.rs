mod beside;
mod doors;
mod flow;
mod merged;
mod rules;
mod setting;
