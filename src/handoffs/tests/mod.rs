mod doors;
mod flow;
mod rules;
mod setting;
