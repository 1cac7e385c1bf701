#include "hourglass/nn/parameters.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "hourglass/base/error.h"

namespace hourglass {
namespace {

void check_size(std::string_view argument, std::int64_t given, std::int64_t needed) {
  if (given == needed) return;
  throw Error("parameters", argument, fmt::format("of size {}", given),
              fmt::format("{} values are needed", needed));
}

}  // namespace

void Parameter::to_state(std::span<float> state, std::span<const float> engine) const {
  assert(state.size() == engine_index.size());
  auto out = state.begin();
  for (const std::int32_t i : engine_index) *out++ = engine[static_cast<std::size_t>(i)];
}

void ParameterList::to_state(std::span<float> state, std::span<const float> engine) const {
  check_size("state", std::ssize(state), state_count());
  check_size("engine", std::ssize(engine), engine_count());
  std::size_t at = 0;
  for (const Parameter& p : parameters_) {
    p.to_state(state.subspan(at, p.engine_index.size()), engine);
    at += p.engine_index.size();
  }
}

void ParameterList::from_state(std::span<float> engine, std::span<const float> state) const {
  check_size("state", std::ssize(state), state_count());
  check_size("engine", std::ssize(engine), engine_count());
  std::fill(engine.begin(), engine.end(), 0.0f);
  auto in = state.begin();
  for (const Parameter& p : parameters_) {
    for (const std::int32_t i : p.engine_index) engine[static_cast<std::size_t>(i)] = *in++;
  }
}

void ParameterList::initialise(std::span<float> engine, Rng& rng) const {
  check_size("engine", std::ssize(engine), engine_count());
  std::fill(engine.begin(), engine.end(), 0.0f);
  for (const Parameter& p : parameters_) {
    const double value = p.initialiser.value;
    for (const std::int32_t i : p.engine_index) {
      engine[static_cast<std::size_t>(i)] = static_cast<float>(
          p.initialiser.kind == Initialiser::Kind::constant ? value : rng.uniform(-value, value));
    }
  }
}

Initialiser fan_in_uniform(std::int64_t fan_in) {
  return {Initialiser::Kind::uniform, 1.0 / std::sqrt(static_cast<double>(fan_in))};
}

}  // namespace hourglass
