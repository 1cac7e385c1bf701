#include "hourglass/lab/latents.h"

#include "hourglass/base/message_test.h"
#include "hourglass/models/apply.h"
#include "hourglass/models/registry.h"
#include "hourglass/tensor/rows_test.h"
#include "hourglass/train/small_run_test.h"

namespace hourglass {
namespace {

TEST(EncodedSplits, StandInTheOrderInWhichTheSplitsAreNamed) {
  const Dataset data = small_data();
  const auto model = make_model("AE", data.shape, {3}, 1);
  ThreadPool pool(2);
  const EncodedSplits encoded = encode_splits(*model, data, {"test", "train"}, pool);
  ASSERT_EQ(encoded.latents.shape(), (Shape{80, 3}));
  ASSERT_EQ(encoded.labels.size(), 80u);
  const Tensor test = encode(*model, data.test, pool);
  const Tensor train = encode(*model, data.train, pool);
  for (std::int64_t i = 0; i < 80; ++i) {
    const auto expected = i < 20 ? test.view().row(i) : train.view().row(i - 20);
    EXPECT_TRUE(std::ranges::equal(encoded.latents.view().row(i), expected)) << i;
  }
  EXPECT_EQ(encoded.labels[0], data.test.labels()[0]);
  EXPECT_EQ(encoded.labels[20], data.train.labels()[0]);
}

TEST(EncodedSplits, OfOneSplitAreItsOwnAlone) {
  const Dataset data = small_data();
  const auto model = make_model("AE", data.shape, {3}, 1);
  ThreadPool pool(1);
  EXPECT_EQ(encode_splits(*model, data, {"test"}, pool).labels, labels_of(data.test));
}

TEST(EncodedSplits, SplitsThatAreUnknownOrNamedTwiceAreRefusedWithTheNearest) {
  EXPECT_EQ(message_of([] { check_splits("encode", {"tset"}); }),
            "[encode] no split is called 'tset': did you mean test?");
  EXPECT_EQ(message_of([] { check_splits("encode", {"all"}); }),
            "[encode] no split is called 'all': choose train, test or train,test");
  EXPECT_EQ(message_of([] {
              check_splits("export", {"test", "train", "test"});
            }),
            "[export] the split test is named twice: name it once");
  check_splits("encode", {"test", "train"});
}

}  // namespace
}  // namespace hourglass
