//! Ways in which bonds carry engagement from one resident to the next, and holding them at what they are in another life of
//! the same town: so an effect can be taken apart.

use super::live::Here;
use super::state::{Block, Column, Seen, State};
use crate::network::ties::Rows;

/// Ways in which bonds carry engagement.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Channels {
    /// Joining because friends take part: their asking, and their number in acceptance.
    pub joining: bool,
    /// Staying because friends take part.
    pub staying: bool,
    /// Belonging, which grows with bonds, in acceptance and in attention to publicity.
    pub belonging: bool,
}

/// Another life of the same town, as of the same week: what these channels carry is taken from there.
#[derive(Clone, Copy)]
pub struct Held<'a> {
    /// The other life.
    pub state: &'a State,
    /// The channels that are held.
    pub channels: Channels,
}

/// Friends of the residents of a block, and what others see of everybody.
#[derive(Clone, Copy)]
pub struct Friends<'a> {
    /// What was seen last week.
    pub seen: &'a [Seen],
    /// The ties of the block.
    pub ties: &'a Rows,
}

impl<'a> Held<'a> {
    /// The block in the other life.
    fn block(&self, here: &Here) -> &'a Block {
        &self.state.blocks[here.week.town.layout.place(here.first as u32).0]
    }
}

impl Here<'_> {
    /// The other life, if this channel is held.
    fn held(&self, channel: fn(&Channels) -> bool) -> Option<&Held<'_>> {
        self.week.held.as_ref().filter(|held| channel(&held.channels))
    }

    fn friends<'b>(&'b self, block: &'b Block, channel: fn(&Channels) -> bool) -> Friends<'b> {
        match self.held(channel) {
            Some(held) => Friends { seen: &held.state.seen, ties: &held.block(self).ties },
            None => Friends { seen: self.week.seen, ties: &block.ties },
        }
    }

    /// The friends that joining hangs on.
    #[inline]
    pub fn who_ask<'b>(&'b self, block: &'b Block) -> Friends<'b> {
        self.friends(block, |channels| channels.joining)
    }

    /// The friends that staying hangs on.
    #[inline]
    pub fn who_keep<'b>(&'b self, block: &'b Block) -> Friends<'b> {
        self.friends(block, |channels| channels.staying)
    }

    /// The belonging that acceptance and attention hang on.
    #[inline(always)]
    pub fn belonging<'b>(&'b self, block: &'b Block) -> &'b Column<f32> {
        match self.held(|channels| channels.belonging) {
            Some(held) => &held.block(self).belonging,
            None => &block.belonging,
        }
    }
}
