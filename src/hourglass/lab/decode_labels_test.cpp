#include "hourglass/lab/decode_labels.h"

#include <gmock/gmock.h>

#include "hourglass/base/message_test.h"
#include "hourglass/base/temporary_folder_test.h"
#include "hourglass/interop/npy.h"
#include "hourglass/models/toy_kind_test.h"

namespace hourglass {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::unique_ptr<Model> model_of(const std::string& kind, std::int64_t classes) {
  return make_model(kind, {1, 8, 8}, {.latent_dim = 2, .classes = classes}, 1);
}

TEST(DecodeLabels, AreOneNumberForAllOrAFileWithOneForEach) {
  const TemporaryFolder folder;
  const auto toy = model_of("toy", 4);
  EXPECT_THAT(decode_labels(*toy, "3", 2), ElementsAre(3, 3));
  const std::vector<std::int64_t> labels{0, 2, 3};
  const std::string file = (folder / "labels.npy").string();
  write_npy(file, {std::span<const std::int64_t>(labels), Shape{3}});
  EXPECT_EQ(decode_labels(*toy, file, 3), labels);
  EXPECT_THAT(message_of([&] { decode_labels(*toy, file, 2); }), HasSubstr(file));
}

TEST(DecodeLabels, AreNeededByModelsThatTakeThemAndRefusedByOthers) {
  const auto toy = model_of("toy", 4), linear = model_of("linear", 0);
  EXPECT_THAT(decode_labels(*linear, "", 5), IsEmpty());
  EXPECT_EQ(message_of([&] { decode_labels(*linear, "1", 5); }),
            "[decode] `labels` is given, and linear takes no labels: leave it out");
  EXPECT_EQ(message_of([&] { decode_labels(*toy, "", 5); }),
            "[decode] toy decodes with labels: give `labels`, one from 0 to 3 or a file of 5");
}

TEST(DecodeLabels, ThatTheModelDoesNotKnowAreRefused) {
  const auto toy = model_of("toy", 4);
  for (const char* label : {"4", "-1"}) {
    EXPECT_EQ(message_of([&] { decode_labels(*toy, label, 5); }),
              fmt::format("[model] a label is {}: toy knows classes from 0 to 3", label));
  }
}

}  // namespace
}  // namespace hourglass
