mod flow;
mod rules;
mod setting;
