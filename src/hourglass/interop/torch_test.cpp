// PyTorch's .pth: files that PyTorch wrote (tests/golden/interop/record_torch.py) and our own.
#include <gmock/gmock.h>
#include <unistd.h>

#include <functional>

#include "hourglass/base/file.h"
#include "hourglass/base/message_test.h"
#include "hourglass/interop/golden_files_test.h"
#include "hourglass/interop/impl/pickle.h"
#include "hourglass/interop/torch_file.h"

namespace hourglass {
namespace {

using namespace std::string_view_literals;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

using TorchTest = GoldenFiles;

std::vector<std::string> names(const std::vector<NamedArray>& arrays) {
  std::vector<std::string> result;
  for (const NamedArray& named : arrays) result.push_back(named.name);
  return result;
}

void expect_every_type(const std::vector<NamedArray>& arrays) {
  ASSERT_THAT(names(arrays), ElementsAre("conv1.weight", "turned", "part", "half", "brain",
                                         "double", "step", "empty", "parameter"));
  const std::vector<Shape> shapes{{2, 1, 3, 3}, {3, 4}, {6}, {2, 2}, {4}, {3}, {}, {0, 4}, {3}};
  const std::vector<DType> types{DType::kF32, DType::kF32, DType::kF32, DType::kF16, DType::kBF16,
                                 DType::kF64, DType::kI64, DType::kF32, DType::kF32};
  for (std::size_t i = 0; i < arrays.size(); ++i) {
    SCOPED_TRACE(arrays[i].name);
    if (arrays[i].name == "step") {
      EXPECT_EQ(arrays[i].array.integers("step"), std::vector<std::int64_t>{7});
    } else {
      expect_pattern(arrays[i].array, types[i], shapes[i]);
    }
  }
}

TEST_F(TorchTest, ArraysOfEveryTypeAndMemoryOrderAreReadInTheirOrderFromOldAndNewVersions) {
  for (const char* version : {"1_13", "2_15"}) {
    SCOPED_TRACE(version);
    expect_every_type(read_torch(folder / fmt::format("types_{}.pth", version)));
  }
}

TEST_F(TorchTest, StateDictsAndDictionariesInDictionariesAreReadByDottedNames) {
  EXPECT_THAT(names(read_torch(folder / "module_state.pth")), ElementsAre("weight", "bias"));
  EXPECT_THAT(names(read_torch(folder / "nested.pth")),
              ElementsAre("model.encoder.weight", "model.encoder.bias"));
}

TEST_F(TorchTest, WhatIsNoDictionaryOfArraysIsRefusedByNameWithTheRemedy) {
  const auto message = [&](const char* file) {
    return message_of([&] { read_torch(folder / file); });
  };
  EXPECT_THAT(message("whole_module.pth"),
              AllOf(HasSubstr("torch.nn.modules.linear.Linear"), HasSubstr("state_dict()")));
  EXPECT_THAT(message("before_1_6.pth"), AllOf(HasSubstr("1.6"), HasSubstr("save it again")));
  EXPECT_THAT(message("stored.npz"), HasSubstr("not written by torch.save"));
}

class TorchFile : public testing::Test {
 protected:
  TorchFile()
      : path(std::filesystem::path(testing::TempDir()) /
             fmt::format("hourglass_torch_{}.pth", getpid())) {}
  ~TorchFile() override { std::filesystem::remove(path); }
  std::filesystem::path path;
};

TEST_F(TorchFile, WhatIsWrittenIsReadBackAndTheSameArraysGiveTheSameBytes) {
  Tensor weight(Shape{2, 3});
  for (std::int64_t i = 0; i < weight.count(); ++i) weight[i] = static_cast<float>(i) / 3.0f;
  const std::vector<std::int64_t> order{5, -1};
  const std::vector<NamedArrayView> arrays{{"encoder.weight", weight},
                                           {"order", ArrayView(order, Shape{2})},
                                           {"none", Tensor(Shape{0})}};
  write_torch(path, arrays);
  const auto bytes = read_file(path);
  const std::vector<NamedArray> back = read_torch(path);
  ASSERT_EQ(back.size(), arrays.size());
  for (std::size_t i = 0; i < back.size(); ++i) {
    EXPECT_EQ(back[i].name, arrays[i].name);
    EXPECT_EQ(back[i].array.dtype, arrays[i].array.dtype);
    EXPECT_EQ(back[i].array.shape, arrays[i].array.shape);
    EXPECT_THAT(back[i].array.bytes, testing::ElementsAreArray(arrays[i].array.bytes));
  }
  write_torch(path, arrays);
  EXPECT_EQ(read_file(path), bytes);
}

/// A pickle of protocol 2 with these opcodes.
std::vector<std::uint8_t> pickle(std::string_view opcodes) {
  const std::string bytes = "\x80\x02" + std::string(opcodes);
  return {bytes.begin(), bytes.end()};
}

TEST(Pickle, NoObjectIsEverMadeWhateverTheGlobal) {
  const std::vector<std::string_view> allowed{"collections OrderedDict"};
  const auto message = [&](std::string_view opcodes) {
    return message_of([&] { parse_pickle(pickle(opcodes), "f", allowed); });
  };
  EXPECT_THAT(message("cos\nsystem\n(X\2\0\0\0idtR."sv), testing::HasSubstr("os.system"));
  EXPECT_THAT(message("X\2\0\0\0osX\6\0\0\0system\x93."sv), testing::HasSubstr("os.system"));
  EXPECT_THAT(message("ccollections\nOrderedDict\n)\x81."), testing::HasSubstr("0x81"));
  EXPECT_THAT(message("(ios\nsystem\n."), testing::HasSubstr("0x69"));
  EXPECT_THAT(message("\x8f."), testing::HasSubstr("of Python's set,"));
  EXPECT_THAT(message("C\1a."), testing::HasSubstr("of Python's bytes,"));
  EXPECT_THAT(message_of([&] {
                parse_pickle(std::vector<std::uint8_t>{'I', '1', '\n', '.'}, "f", {});
              }),
              testing::HasSubstr("it is no pickle of protocol 2 to 5"));
}

TEST(Pickle, ATreeThatIsCutAnywhereIsRefused) {
  const auto whole = pickle("}(X\1\0\0\0aK\1X\1\0\0\0b(K\2N\x88tu."sv);
  const PickleTree tree = parse_pickle(whole, "f", {});
  ASSERT_EQ(tree[tree.root].pairs.size(), 4u);
  EXPECT_EQ(tree[tree[tree.root].pairs[2]].text, "b");
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_NE(message_of([&] { parse_pickle(std::span(whole).first(size), "f", {}); }), "no error")
        << size << " bytes";
  }
}

}  // namespace
}  // namespace hourglass
