// Ten thousand calls of the library's functions with right and wrong arguments, drawn from a seed:
// each ends in an Error, or in a result of the right shape whose values are finite.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <random>
#include <typeinfo>

#include "arguments_figures_test.h"
#include "arguments_models_test.h"
#include "arguments_project_test.h"
#include "arguments_test.h"
#include "hourglass/base/error.h"
#include "hourglass/data/open.h"
#include "hourglass/data/split.h"
#include "hourglass/data/strokes.h"
#include "hourglass/generate/interpolate.h"
#include "hourglass/generate/samplers.h"
#include "hourglass/interop/npy.h"
#include "hourglass/lab/evaluation.h"
#include "hourglass/lab/gallery.h"
#include "hourglass/lab/latents.h"
#include "hourglass/lab/map_picture.h"
#include "hourglass/measure/reconstruction.h"
#include "hourglass/models/registry.h"
#include "hourglass/tensor/images.h"
#include "hourglass/tensor/rows.h"
#include "hourglass/train/options.h"

namespace hourglass {
namespace {

struct Family {
  std::string_view name;
  int weight;  // of 10,000 calls, about this number times their sum
  void (*call)(Draw& draw);
};

void open_named(const std::string& name, std::int64_t strokes) {
  OpenOptions options;
  options.allow_download = false;
  options.strokes_train = strokes;
  open_dataset(name, options);
}

const Family kFamilies[] = {
    {"tensor", 4,
     [](Draw& d) {
       const Tensor x(Shape{d.chance(0.5) ? 3 : d.size(), d.chance(0.5) ? 4 : d.size()});
       expect_finite(
           x.view().rows(d.chance(0.5) ? 0 : d.size(), d.chance(0.5) ? 2 : d.size()).span());
       EXPECT_EQ(x.view().reshaped(Shape{d.chance(0.5) ? 12 : d.size()}).count(), x.count());
     }},
    {"rows", 4,
     [](Draw& d) {
       std::vector<std::uint8_t> bytes(12, 1);
       const RowSource rows = d.chance(0.5)
                                  ? byte_rows(bytes, d.mostly(std::int64_t{3}), labels_for(d, 4))
                                  : float_rows(d.matrix(4, 3), labels_for(d, 4));
       Tensor out(Shape{d.below(4), d.mostly(rows.columns())});
       const RowSource some = rows.selected({d.mostly(std::int64_t{1}), 0});
       some.fill_rows(d.mostly(std::int64_t{0}), d.mostly(std::int64_t{1}), out);
     }},
    {"images", 2,
     [](Draw& d) {
       const ImageShape shape = d.shape();
       const Tensor first = to_channels_first(d.matrix(2, d.mostly(pixels_of(shape))), shape);
       EXPECT_EQ(first.shape(), (Shape{2, shape.channels, shape.height, shape.width}));
     }},
    {"make_model", 2, build_model},
    {"encode", 4, call_encode},
    {"decode", 4, call_decode},
    {"reconstruct", 2, call_reconstruct},
    {"Coder", 3, call_coder},
    {"a chunk", 4, run_chunk},
    {"PCA", 4, call_pca},
    {"neighbours", 4, find_neighbours},
    {"UMAP", 3, call_umap},
    {"UMAP with neighbours", 3, run_umap},
    {"UMAP's steps", 3, call_umap_steps},
    {"quality", 4, measure_map},
    {"maps of the same points", 3, compare_maps},
    {"scores", 4, count_votes},
    {"reconstruction error", 3,
     [](Draw& d) {
       const ImageShape shape = d.shape();
       const Tensor a = d.finite(2, d.mostly(pixels_of(shape)));
       const auto scores = measure_reconstruction(
           a, d.finite(d.mostly(std::int64_t{2}), columns_of(a)), shape, pool());
       EXPECT_TRUE(std::isfinite(scores.mse) && std::isfinite(scores.psnr)) << shape.text();
     }},
    {"generate", 4,
     [](Draw& d) {
       Rng rng(1);
       const auto alphas = even_alphas(d.integer());
       const Tensor ends = d.matrix(d.mostly(std::int64_t{2}), d.below(4));
       expect_matrix(interpolate(ends, alphas), std::ssize(alphas), columns_of(ends));
       const std::int64_t n = d.size();
       const std::int64_t columns = d.below(4);
       const GaussianSampler sampler(d.matrix(d.below(6), columns));
       expect_matrix(sampler.sample(n, rng), n, columns);
       expect_matrix(sample_standard_normal(n, columns, rng), n, columns);
     }},
    {"data", 4,
     [](Draw& d) {
       const ImageShape shape = d.shape();
       ByteImage image{shape, std::vector<std::uint8_t>(d.mostly(pixels_of(shape)) & 4095)};
       const ImageSize size{d.size(), d.size()};
       EXPECT_EQ(resize(image, size).shape.height, size.height);
     }},
    {"splits", 4,
     [](Draw& d) {
       RowSource rows = make_strokes(d.chance(0.9) ? d.below(5) : d.size(), 1);
       const RowSource held = hold_out(rows, d.mostly(std::int64_t{1}), 1);
       std::vector<std::int64_t> order(static_cast<std::size_t>(rows.count()));
       epoch_order(1, d.mostly(std::int64_t{1}), order);
       EXPECT_LE(std::ssize(batch_of(order, d.mostly(std::int64_t{0}), d.mostly(std::int64_t{2}))),
                 rows.count());
       std::vector<std::uint8_t> pixels(
           static_cast<std::size_t>(d.mostly(std::int64_t{784}) & 1023));
       Rng rng(1);
       draw_stroke_digit(pixels, d.mostly(7), rng);
     }},
    {"arrays", 4,
     [](Draw& d) {
       const std::vector<double> values(static_cast<std::size_t>(d.below(7)), 1.0);
       npy_header(
           ArrayView(std::span<const double>(values), Shape{d.mostly(std::ssize(values)), 1}));
       Array array{static_cast<DType>(d.below(13)), Shape{}, std::vector<std::uint8_t>(8, 1)};
       array.shape = Shape{d.mostly(8 / static_cast<std::int64_t>(facts(array.dtype).size))};
       EXPECT_EQ(array.floats().count(), array.shape.count());
     }},
    {"names", 4,
     [](Draw& d) {
       const std::string text =
           d.text({"mask:0.5", "flip,shift:2", "", "cosine", "shift:99", "AE", "\xff", "fast",
                   "strokes", "png", "recon", "gaussian:1e400"});
       switch (d.below(8)) {
         case 0:
           EXPECT_LE(parse_corruption(text).amount, 10);
           break;
         case 1:
           EXPECT_LE(parse_augmentation(text).shift, 64);
           break;
         case 2:
           parse_metric(text);
           break;
         case 3:
           model_kind(text);
           break;
         case 4:
           parse_option(whole_option("n", 1, 0, 9, ""), text);
           break;
         case 5:
           open_named(text, d.size());
           break;
         case 6:
           parse_figure_kinds(text);
           break;
         default:
           find_recipe(text);
       }
     }},
    {"training", 3, run_training},
    {"a step", 3, run_step},
    {"loss figures", 1, draw_loss},
    {"maps drawn", 1, draw_map},
    {"images drawn", 1, draw_images},
    {"pictures", 3, make_picture},
    {"sprites", 2, make_sprite},
    {"ticks", 2, make_ticks},
    {"lab", 3,
     [](Draw& d) {
       const Tensor map = d.matrix(d.below(8), d.mostly(std::int64_t{2}));
       const auto labels = labels_for(d, map.size(0));
       EXPECT_EQ(picture_of(map, labels, {"a", "b", "c"}, 1).points.size(0), map.size(0));
       EXPECT_EQ(densest_positions(map, labels, d.mostly(std::int64_t{3})).size(1), 2);
       EXPECT_TRUE(std::isfinite(norms_of(d.finite(3, d.below(3))).mean));
     }},
    {"checkpoints", 1, save_files},
};

int failures_so_far() {
  return testing::UnitTest::GetInstance()->current_test_info()->result()->total_part_count();
}

TEST(Arguments, OfTenThousandCallsEndInAnErrorOrInARightResult) {
  const char* given = std::getenv("HOURGLASS_TEST_SEED");
  const std::uint64_t seed = given ? std::strtoull(given, nullptr, 10) : std::random_device()();
  fmt::print("HOURGLASS_TEST_SEED={} repeats these calls\n", seed);
  int sum = 0;
  for (const Family& family : kFamilies) sum += family.weight;
  for (const Family& family : kFamilies) {
    const int calls = 10000 * family.weight / sum + 1;
    int refused = 0;
    const int failures = failures_so_far();
    for (int i = 0; i < calls && failures_so_far() == failures; ++i) {
      SCOPED_TRACE(fmt::format("{}, call {}, HOURGLASS_TEST_SEED={}", family.name, i, seed));
      Draw draw(seed, static_cast<std::uint64_t>(i));
      try {
        family.call(draw);
      } catch (const Error& error) {
        ++refused;
        EXPECT_EQ(std::string_view(error.what()).find('\n'), std::string_view::npos);
      } catch (const std::exception& other) {
        ADD_FAILURE() << typeid(other).name() << ": " << other.what();
      }
    }
    if (failures_so_far() > failures) continue;
    EXPECT_GT(refused, 0) << family.name << ": no call is refused";
    EXPECT_LT(refused, calls) << family.name << ": no call has a result";
  }
}

}  // namespace
}  // namespace hourglass
