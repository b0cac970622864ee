mod beside;
mod busy;
mod doors;
mod flow;
mod merged;
mod rules;
mod setting;
mod told;
