//! Parks that are renamed, merged, split and founded.

use super::planted::Planted;
use crate::dice::Dice;
use crate::quarter::Quarter;
use crate::register::{LandHistory, Park, Stay, World};

/// Two parks of a city become one.
pub(super) fn merge(world: &mut World, dice: &mut Dice) -> Option<Planted> {
    let then = change(world, dice)?;
    let free = unchanged(world);
    let pairs: Vec<(usize, usize)> = free
        .iter()
        .flat_map(|&one| free.iter().map(move |&other| (one, other)))
        .filter(|&(one, other)| one < other && world.parks[one].city == world.parks[other].city)
        .collect();
    let (one, other) = *pairs.get(dice.below(pairs.len()))?;
    let (land_mu, workers) =
        (world.parks[one].land_mu + world.parks[other].land_mu, world.parks[one].workers + world.parks[other].workers);
    let code = code(world, one, '7');
    let merged = Park { land: LandHistory::None, land_mu, workers, ..heir(world, &[one, other], code, then) };
    close(world, &[one, other], then);
    let heir = add(world, merged);
    move_on(world, then, |_, park| (park == one || park == other).then_some(heir));
    Some(told(world, &[one, other], then, &[heir]))
}

/// A park becomes two.
pub(super) fn split(world: &mut World, dice: &mut Dice) -> Option<Planted> {
    let then = change(world, dice)?;
    let lasting = |park: &usize| {
        let stays = world.enterprises.iter().filter(|one| one.park_at(then) == Some(*park) && one.stay.to.is_none());
        stays.count() >= 4
    };
    let free: Vec<usize> = unchanged(world).into_iter().filter(lasting).collect();
    let park = *free.get(dice.below(free.len()))?;
    let half = |world: &World, tail: char| {
        let Park { land_mu, workers, .. } = world.parks[park];
        let code = code(world, park, tail);
        Park { land_mu: land_mu / 2.0, workers: workers / 2.0, ..heir(world, &[park], code, then) }
    };
    let halves = [half(world, '5'), half(world, '6')];
    close(world, &[park], then);
    let [first, second] = halves.map(|half| add(world, half));
    let mut turn = 0;
    move_on(world, then, |_, of| {
        (of == park).then(|| {
            turn += 1;
            if turn % 2 == 1 { first } else { second }
        })
    });
    Some(told(world, &[park], then, &[first, second]))
}

/// A park is given another code.
pub(super) fn rename(world: &mut World, dice: &mut Dice) -> Option<Planted> {
    let then = change(world, dice)?;
    let free = unchanged(world);
    let park = *free.get(dice.below(free.len()))?;
    let new = code(world, park, '8');
    world.parks[park].renamed = Some((then, new.clone()));
    let quarter = then.to_string();
    Some(Planted { unit: world.parks[park].code.clone(), quarter, how: format!("is {new}"), ..Planted::default() })
}

/// A park is founded; enterprises from others of its city move in.
pub(super) fn found(world: &mut World, dice: &mut Dice) -> Option<Planted> {
    let then = change(world, dice)?;
    // The first enterprises of parks, which anchor them, do not move; of the others in its city, some must be left to.
    let has_some_to_move = |park: &usize| {
        let city = world.parks[*park].city;
        let is_there = |park: usize| world.parks[park].city == city && world.parks[park].closes.is_none();
        let stays = world.enterprises.iter().filter(|one| one.park_at(world.last()).is_some_and(is_there));
        stays.count() >= world.parks.len() + 8
    };
    let free: Vec<usize> = unchanged(world).into_iter().filter(has_some_to_move).collect();
    let host = *free.get(dice.below(free.len()))?;
    let Park { land_mu, workers, city, .. } = world.parks[host];
    let code = code(world, host, '4');
    let young = Park {
        land: LandHistory::From(then),
        land_mu: (land_mu / 4.0).max(60.0),
        workers: workers / 4.0,
        heir_of: Vec::new(),
        ..heir(world, &[host], code, then)
    };
    let anchors = world.parks.len();
    let young = add(world, young);
    let mut turn = 0;
    move_on(world, then, |world, park| {
        let moves = world.parks[park].city == city && world.parks[park].closes.is_none();
        turn += usize::from(moves);
        (moves && turn > anchors && turn % 4 == 0).then_some(young)
    });
    let is_there = world.enterprises.iter().any(|one| one.park_at(world.last()) == Some(young));
    is_there.then(|| told(world, &[host], then, &[young]))
}

/// A quarter of change, with four quarters before it and two behind.
fn change(world: &World, dice: &mut Dice) -> Option<Quarter> {
    let choices = world.quarters.checked_sub(7)?;
    Some(world.from.plus(4 + dice.below(choices + 1) as i32))
}

/// Parks that were always there and have not changed.
fn unchanged(world: &World) -> Vec<usize> {
    let is_free = |index: &usize| {
        let park = &world.parks[*index];
        park.opens <= world.from && park.closes.is_none() && park.renamed.is_none() && park.heir_of.is_empty()
    };
    (0..world.parks.len()).filter(is_free).collect()
}

/// A code that no other park has: the park's own with another digit before the last two.
fn code(world: &World, park: usize, digit: char) -> String {
    let own = &world.parks[park].code;
    format!("{}{digit}{}", &own[..4], &own[5..])
}

/// A park like the first of those it comes from.
fn heir(world: &World, from: &[usize], code: String, opens: Quarter) -> Park {
    Park { code, opens, heir_of: from.to_vec(), ..world.parks[from[0]].clone() }
}

fn close(world: &mut World, parks: &[usize], then: Quarter) {
    parks.iter().for_each(|&park| world.parks[park].closes = Some(then.plus(-1)));
}

fn add(world: &mut World, park: Park) -> usize {
    world.parks.push(park);
    world.parks.len() - 1
}

/// Ends the stays of enterprises in parks from a quarter on and begins others, where `to` names a park.
fn move_on(world: &mut World, then: Quarter, mut to: impl FnMut(&World, usize) -> Option<usize>) {
    for index in 0..world.enterprises.len() {
        let mut stays: Vec<Stay> = Vec::new();
        let before: Vec<Stay> = world.enterprises[index].stays().copied().collect();
        for stay in before {
            let goes_on = stay.to.is_none_or(|last| last >= then);
            let park = stay.park.filter(|_| goes_on).and_then(|park| to(world, park));
            match park {
                Some(park) if stay.from < then => {
                    stays.push(Stay { to: Some(then.plus(-1)), ..stay });
                    stays.push(Stay { park: Some(park), from: then, to: stay.to });
                }
                Some(park) => stays.push(Stay { park: Some(park), ..stay }),
                None => stays.push(stay),
            }
        }
        let enterprise = &mut world.enterprises[index];
        enterprise.later = stays.split_off(1);
        enterprise.stay = stays[0];
    }
}

fn told(world: &World, from: &[usize], then: Quarter, to: &[usize]) -> Planted {
    let codes =
        |parks: &[usize]| parks.iter().map(|&park| world.parks[park].code.as_str()).collect::<Vec<_>>().join(" ");
    let how = format!("{} from then on", codes(to));
    Planted { unit: codes(from), quarter: then.to_string(), how, ..Planted::default() }
}
