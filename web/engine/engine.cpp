#include "engine.h"

#include <array>
#include <cstdlib>
#include <memory>
#include <new>
#include <string>
#include <vector>

#include "hourglass/base/error.h"
#include "hourglass/explore/explorer.h"

namespace hourglass {
namespace {

struct Freed {
  void operator()(std::uint8_t* bytes) const { std::free(bytes); }
};

/// What the last call gave.
struct Result {
  std::array<std::vector<float>, 3> floats;
  std::vector<std::int32_t> points;
  std::array<double, 2> numbers{};
};

struct Page {
  std::unique_ptr<std::uint8_t[], Freed> pack;  // outlives what reads it
  std::unique_ptr<Explorer> explorer;
  Result result;
  std::string error;
};

Page& page() {
  static Page the_page;
  return the_page;
}

Explorer& explorer() {
  if (!page().explorer) fail("explore", "no pack is open");
  return *page().explorer;
}

/// Calls f with an empty result; no exception leaves it.
template <typename F>
int guarded(const F& f) {
  page().result = {};
  try {
    f(page().result);
    return 1;
  } catch (const Error& error) {
    page().error = error.reason();
  } catch (const std::bad_alloc&) {
    page().error = "the browser gives this page no more memory: show fewer images with --limit";
  } catch (const std::exception& error) {
    page().error = error.what();
  }
  return 0;
}

std::vector<float> floats_of(const Tensor& tensor) {
  return {tensor.span().begin(), tensor.span().end()};
}

/// Rows of this number of floats.
ConstView rows_at(const float* floats, int count, std::int64_t columns, std::string_view what) {
  require(columns > 0 && count % columns == 0, "explore", what, count,
          fmt::format("a multiple of {} numbers is needed", columns));
  return {floats, Shape{count / columns, columns}};
}

std::vector<std::int64_t> labels_at(const std::int32_t* labels, int count) {
  return {labels, labels + count};
}

Space space_of(int space) {
  require(space >= 0 && space <= 2, "explore", "space", space, "from 0 to 2 are known");
  return static_cast<Space>(space);
}

void keep(Result& result, NearPoints near) {
  result.floats[0] = std::move(near.distances);
  result.points = std::move(near.points);
}

std::span<const std::uint8_t> bytes_at(const std::uint8_t* begin, std::size_t bytes) {
  return {begin, bytes};
}

}  // namespace
}  // namespace hourglass

using namespace hourglass;  // NOLINT(google-build-using-namespace): C's functions are in none

const char* hourglass_error(void) {
  return page().error.c_str();
}

int hourglass_open(std::uint8_t* pack, std::size_t bytes) {
  return guarded([&](Result&) {
    Page& p = page();
    p.explorer.reset();
    p.pack.reset(pack);
    p.explorer = std::make_unique<Explorer>(bytes_at(pack, bytes));
  });
}

int hourglass_set_model(const std::uint8_t* checkpoint, std::size_t bytes) {
  return guarded([&](Result&) { explorer().set_model(bytes_at(checkpoint, bytes)); });
}

int hourglass_show(int map, const std::uint8_t* checkpoint, std::size_t bytes) {
  return guarded([&](Result& result) {
    result.numbers[0] = explorer().show(map, bytes_at(checkpoint, bytes)) ? 1 : 0;
  });
}

int hourglass_can_decode(void) {
  return page().explorer && page().explorer->can_decode() ? 1 : 0;
}
int hourglass_can_encode(void) {
  return page().explorer && page().explorer->can_encode() ? 1 : 0;
}
int hourglass_can_place(void) {
  return page().explorer && page().explorer->can_place() ? 1 : 0;
}

int hourglass_decode(const float* latents, int count, const std::int32_t* labels, int label_count) {
  return guarded([&](Result& result) {
    Explorer& e = explorer();
    result.floats[0] = floats_of(e.decode(rows_at(latents, count, e.latent_dim(), "latents"),
                                          labels_at(labels, label_count)));
  });
}

int hourglass_encode(const float* images, int count, const std::int32_t* labels, int label_count) {
  return guarded([&](Result& result) {
    Explorer& e = explorer();
    result.floats[0] = floats_of(e.encode(rows_at(images, count, e.image_values(), "images"),
                                          labels_at(labels, label_count)));
  });
}

int hourglass_place(const float* latents, int count) {
  return guarded([&](Result& result) {
    Explorer& e = explorer();
    result.floats[0] = floats_of(e.place(rows_at(latents, count, e.latent_dim(), "latents")));
  });
}

int hourglass_blend(float x, float y, int label) {
  return guarded([&](Result& result) {
    Blend blend = explorer().blend(x, y, label);
    result.floats = {floats_of(blend.latent), floats_of(blend.image), std::move(blend.weights)};
    result.points = std::move(blend.points);
    result.numbers = {static_cast<double>(blend.distance), blend.far ? 1.0 : 0.0};
  });
}

int hourglass_near_point(int space, int point, int k) {
  return guarded([&](Result& result) { keep(result, explorer().near(space_of(space), point, k)); });
}

int hourglass_near_row(int space, const float* row, int count, int k) {
  return guarded([&](Result& result) {
    const std::span values(row, static_cast<std::size_t>(count));
    keep(result, explorer().near(space_of(space), values, k));
  });
}

const float* hourglass_result(int which) {
  return page().result.floats.at(static_cast<std::size_t>(which)).data();
}
int hourglass_result_count(int which) {
  return static_cast<int>(page().result.floats.at(static_cast<std::size_t>(which)).size());
}
const std::int32_t* hourglass_result_points(void) {
  return page().result.points.data();
}
int hourglass_result_points_count(void) {
  return static_cast<int>(page().result.points.size());
}
double hourglass_result_number(int which) {
  return page().result.numbers.at(static_cast<std::size_t>(which));
}
