#include "hourglass/data/impl/strokes_skeletons.h"

#include <array>
#include <cassert>
#include <cstddef>

namespace hourglass {
namespace {

// A line a stroke, not a line a point:
// clang-format off

std::vector<Skeleton> zeros() {
  return {
      // A plain oval that meets itself at the top.
      {{{36, 0}, {13, 16}, {2, 50}, {12, 86}, {33, 100}, {54, 86}, {65, 50}, {55, 14}, {37, 0}}},
      // Narrow, begun a little to the right, the end passing the start.
      {{{42, 5}, {20, 10}, {7, 45}, {11, 82}, {28, 100}, {47, 82}, {55, 42}, {45, 9}, {27, 3}}},
      // Wide and round, not quite closed.
      {{{44, 4}, {16, 10}, {0, 46}, {12, 88}, {42, 99}, {70, 74}, {74, 34}, {56, 6}}},
      // With a small hook inside the top.
      {{{55, 15}, {41, 2}, {20, 9}, {4, 42}, {8, 82}, {29, 100}, {55, 84}, {66, 48}, {60, 16},
        {44, 4}, {28, 12}}},
      // Clockwise, begun at the upper left.
      {{{16, 14}, {38, 0}, {60, 18}, {66, 54}, {52, 90}, {30, 100}, {9, 84}, {3, 48}, {17, 10},
        {32, 3}}},
  };
}

std::vector<Skeleton> ones() {
  const Skeleton plain = {{{30, 0}, {29, 50}, {28, 100}}};
  const Skeleton leaning = {{{48, 0}, {31, 48}, {16, 100}}};
  return {
      plain,
      plain,
      leaning,
      leaning,
      // Slightly bowed.
      {{{34, 0}, {27, 34}, {26, 70}, {31, 100}}},
      // A short flag.
      {{{17, 17}, {32, 0}, {32, 0}, {31, 50}, {30, 100}}},
      // A long flag.
      {{{8, 28}, {22, 15}, {33, 0}, {33, 0}, {31, 100}}},
      // A flag and a foot.
      {{{16, 16}, {32, 0}, {32, 0}, {31, 98}}, {{13, 99}, {49, 98}}},
  };
}

std::vector<Skeleton> twos() {
  return {
      // An arch, a straight way down, a sharp turn, a base line.
      {{{5, 22}, {20, 3}, {44, 2}, {55, 22}, {45, 48}, {22, 76}, {0, 97}, {0, 97}, {30, 95},
        {65, 96}}},
      // The same with an upright, angular arch and a rising base.
      {{{4, 14}, {30, 0}, {53, 14}, {48, 40}, {24, 72}, {2, 98}, {2, 98}, {34, 97}, {62, 91}}},
      // A small loop at the turn.
      {{{6, 20}, {25, 1}, {49, 7}, {54, 30}, {40, 62}, {19, 90}, {5, 97}, {1, 87}, {14, 80},
        {36, 91}, {64, 97}}},
      // A large loop and a rising tail.
      {{{8, 17}, {30, 0}, {52, 14}, {50, 42}, {33, 74}, {13, 97}, {0, 91}, {7, 76}, {24, 79},
        {42, 94}, {68, 86}}},
      // Round at the turn, without a loop.
      {{{4, 24}, {18, 3}, {42, 1}, {54, 20}, {46, 46}, {26, 70}, {12, 92}, {24, 97}, {46, 95},
        {66, 98}}},
      // A hook at the start.
      {{{14, 30}, {6, 18}, {22, 2}, {46, 4}, {54, 26}, {38, 58}, {3, 96}, {3, 96}, {24, 91},
        {62, 98}}},
  };
}

std::vector<Skeleton> threes() {
  return {
      // Two bows that meet in a corner.
      {{{6, 12}, {27, 0}, {51, 11}, {48, 34}, {23, 47}, {23, 47}, {51, 54}, {59, 76}, {40, 97},
        {14, 98}, {0, 86}}},
      // The lower bow larger.
      {{{10, 9}, {30, 1}, {46, 11}, {42, 30}, {22, 41}, {22, 41}, {50, 48}, {62, 72}, {44, 96},
        {18, 100}, {2, 91}}},
      // A small loop in the middle.
      {{{6, 14}, {30, 0}, {51, 15}, {44, 37}, {25, 48}, {18, 45}, {29, 42}, {52, 56}, {56, 80},
        {34, 100}, {3, 92}}},
      // A flat top.
      {{{5, 3}, {30, 3}, {54, 1}, {54, 1}, {25, 40}, {25, 40}, {52, 51}, {58, 77}, {38, 98},
        {4, 93}}},
      // Hardly pinched, written in one swing.
      {{{8, 10}, {32, 0}, {50, 16}, {42, 38}, {28, 46}, {46, 54}, {56, 74}, {42, 96}, {18, 100},
        {4, 94}}},
  };
}

std::vector<Skeleton> fours() {
  return {
      // Open: an angle and a long stem.
      {{{12, 4}, {8, 28}, {3, 54}, {3, 54}, {30, 53}, {60, 49}}, {{53, 6}, {50, 50}, {45, 100}}},
      // Open and round, the cross bar ending at the stem.
      {{{10, 2}, {3, 32}, {12, 52}, {34, 51}, {52, 40}}, {{57, 0}, {53, 48}, {50, 100}}},
      // Open, the bar running through.
      {{{16, 0}, {4, 44}, {16, 56}, {42, 52}, {68, 46}}, {{52, 8}, {48, 54}, {40, 100}}},
      // Closed: a slanting side, a bar, a stem.
      {{{48, 0}, {26, 34}, {0, 62}, {0, 62}, {34, 62}, {66, 60}}, {{48, 0}, {46, 48}, {43, 100}}},
      // Closed, narrow at the top, in one move.
      {{{44, 100}, {50, 54}, {53, 4}, {53, 4}, {26, 30}, {4, 54}, {4, 54}, {30, 56}, {60, 52}}},
      // Open and wide, like a U on a stick.
      {{{4, 8}, {2, 36}, {18, 50}, {44, 46}, {58, 12}, {58, 12}, {55, 54}, {52, 100}}},
  };
}

std::vector<Skeleton> fives() {
  return {
      // Neck, belly, and the hat put on last.
      {{{14, 4}, {11, 24}, {8, 44}, {8, 44}, {30, 38}, {53, 52}, {55, 78}, {34, 99}, {2, 93}},
       {{14, 4}, {36, 3}, {60, 0}}},
      // From the hat, in one move.
      {{{60, 2}, {38, 3}, {17, 5}, {17, 5}, {10, 43}, {10, 43}, {32, 39}, {52, 56}, {50, 82},
        {28, 100}, {0, 92}}},
      // Without corners, nearly an S.
      {{{62, 4}, {34, 3}, {15, 20}, {20, 40}, {42, 52}, {50, 76}, {34, 97}, {4, 94}}},
      // A leaning neck and a shallow belly.
      {{{24, 5}, {12, 42}, {12, 42}, {36, 44}, {50, 62}, {44, 86}, {22, 99}, {0, 95}},
       {{24, 5}, {46, 6}, {70, 2}}},
      // A short hat and a wide belly.
      {{{16, 6}, {8, 42}, {8, 42}, {34, 34}, {58, 50}, {58, 78}, {34, 100}, {8, 96}, {0, 86}},
       {{16, 6}, {46, 4}}},
  };
}

std::vector<Skeleton> sixes() {
  return {
      // A long curved back and a round belly.
      {{{44, 0}, {20, 26}, {3, 64}, {13, 94}, {38, 98}, {54, 79}, {42, 59}, {20, 64}, {6, 82}}},
      // A straight back.
      {{{34, 0}, {18, 34}, {6, 70}, {14, 95}, {34, 99}, {48, 82}, {38, 64}, {20, 68}, {8, 84}}},
      // A hooked start and a large belly.
      {{{58, 9}, {38, 2}, {14, 28}, {1, 66}, {12, 95}, {38, 99}, {56, 77}, {45, 55}, {21, 58},
        {4, 78}}},
      // Upright with a small belly that does not close.
      {{{24, 0}, {8, 36}, {2, 74}, {16, 98}, {40, 95}, {50, 76}, {36, 62}, {18, 70}}},
      // The belly ending in a curl.
      {{{50, 2}, {24, 22}, {6, 58}, {10, 90}, {34, 100}, {54, 86}, {50, 64}, {30, 58}, {14, 72},
        {20, 86}}},
  };
}

std::vector<Skeleton> sevens() {
  return {
      // A roof and a straight leg.
      {{{2, 7}, {30, 5}, {59, 3}, {59, 3}, {38, 48}, {22, 100}}},
      // The same, steeper.
      {{{6, 6}, {30, 7}, {54, 4}, {54, 4}, {44, 50}, {36, 100}}},
      // With a bar.
      {{{2, 8}, {30, 6}, {60, 3}, {60, 3}, {38, 50}, {24, 100}}, {{18, 51}, {56, 47}}},
      // A serif at the start.
      {{{3, 22}, {5, 5}, {5, 5}, {32, 5}, {60, 3}, {60, 3}, {39, 46}, {27, 100}}},
      // A swung roof that rounds into the leg.
      {{{0, 14}, {14, 4}, {36, 7}, {56, 4}, {52, 24}, {36, 56}, {26, 100}}},
      // A leg that bows.
      {{{2, 5}, {32, 4}, {60, 2}, {60, 2}, {42, 24}, {32, 56}, {31, 100}}},
  };
}

std::vector<Skeleton> eights() {
  return {
      // One move: down through the middle and back up.
      {{{49, 13}, {34, 0}, {17, 13}, {19, 34}, {37, 53}, {47, 78}, {28, 100}, {8, 84}, {17, 60},
        {38, 41}, {50, 13}}},
      // Two rings, one on the other.
      {{{30, 47}, {15, 36}, {16, 12}, {34, 0}, {49, 12}, {45, 36}, {30, 47}},
       {{30, 47}, {10, 62}, {6, 88}, {26, 100}, {48, 88}, {48, 62}, {30, 47}}},
      // Narrow and open at the upper right.
      {{{55, 6}, {38, 1}, {20, 13}, {22, 38}, {39, 58}, {41, 84}, {24, 100}, {9, 85}, {19, 58},
        {43, 36}, {53, 14}}},
      // Begun in the middle.
      {{{32, 46}, {16, 28}, {25, 5}, {43, 3}, {49, 22}, {34, 44}, {13, 68}, {9, 92}, {26, 100},
        {44, 84}, {41, 60}, {30, 45}}},
      // A small head on a wide body.
      {{{45, 10}, {32, 0}, {19, 12}, {23, 32}, {42, 52}, {53, 78}, {32, 100}, {7, 90}, {11, 64},
        {34, 42}, {46, 14}}},
  };
}

std::vector<Skeleton> nines() {
  return {
      // A closed head and a leg that bows to the left.
      {{{50, 14}, {30, 1}, {7, 16}, {5, 40}, {25, 50}, {44, 36}, {52, 12}, {52, 12}, {50, 52},
        {36, 100}}},
      // A straight stem.
      {{{52, 12}, {28, 0}, {6, 18}, {8, 42}, {28, 49}, {48, 30}, {54, 6}, {54, 6}, {50, 54},
        {47, 100}}},
      // A leg with a hook at its foot.
      {{{52, 14}, {30, 0}, {7, 15}, {7, 39}, {28, 48}, {49, 32}, {55, 9}, {55, 9}, {54, 52},
        {45, 90}, {24, 100}, {6, 91}}},
      // Without a corner, the head open at the top.
      {{{44, 6}, {20, 6}, {4, 28}, {16, 47}, {38, 40}, {53, 14}, {54, 30}, {46, 66}, {38, 100}}},
      // A small head on a long leaning leg.
      {{{54, 10}, {38, 0}, {17, 10}, {14, 30}, {32, 40}, {50, 26}, {56, 8}, {56, 8}, {38, 56},
        {22, 100}}},
  };
}

// clang-format on

}  // namespace

std::span<const Skeleton> stroke_skeletons(int digit) {
  assert(digit >= 0 && digit <= 9);
  static const std::array<std::vector<Skeleton>, 10> all = {
      zeros(), ones(), twos(), threes(), fours(), fives(), sixes(), sevens(), eights(), nines()};
  return all[static_cast<std::size_t>(digit)];
}

}  // namespace hourglass
