// The one rule for outputs: never an input, never a trained model without --overwrite; links are
// followed, pipes and devices written to, locks never followed.

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <nlohmann/json.hpp>

#include "hourglass/base/file.h"
#include "hourglass/interop/matrix.h"
#include "hourglass/interop/npy.h"
#include "samples.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class CliOutputs : public CommandLine {
 protected:
  void SetUp() override {
    CommandLine::SetUp();
    if (IsSkipped()) return;
    write_checkpoint(folder / model);
    write_checkpoint(folder / "other.safetensors");
    write_small_idx(folder / "data/mnist", 20, 10);
    Tensor latents(Shape{6, 4});
    for (std::int64_t i = 0; i < latents.count(); ++i) latents[i] = static_cast<float>(i % 5);
    write_npy(folder / "Z.npy", latents);
  }
  /// The call is refused with status 2 and changes no file.
  void expect_kept(const Words& call, const std::string& message) {
    const Words before = files_below(folder);
    const std::string model_bytes = text_of(folder / model), rows = text_of(folder / "Z.npy"),
                      other = text_of(folder / "other.safetensors");
    const Outcome outcome = run(call);
    EXPECT_EQ(outcome.status, 2) << call.front();
    EXPECT_THAT(outcome.err, HasSubstr(message));
    EXPECT_EQ(text_of(folder / model), model_bytes);
    EXPECT_EQ(text_of(folder / "Z.npy"), rows);
    EXPECT_EQ(text_of(folder / "other.safetensors"), other);
    EXPECT_EQ(files_below(folder), before);
  }
  void good(const Words& call) {
    const Outcome outcome = run(call);
    EXPECT_EQ(outcome.status, 0) << outcome.err;
  }

  const std::string model = "models/AE/mnist_4.safetensors";
};

TEST_F(CliOutputs, AnOutputIsNeverAnInputByAnyName) {
  fs::create_hard_link(folder / "Z.npy", folder / "hard.npy");
  fs::create_symlink("Z.npy", folder / "soft.npy");
  const std::string read = ", which is read: name another file";
  for (const std::string name : {"Z.npy", "./Z.npy", "hard.npy", "soft.npy"}) {
    expect_kept({"decode", "mnist_4", "Z.npy", "-o", name}, "--output is " + name + read);
    expect_kept({"project", "pca", "Z.npy", "-o", name}, "--output is " + name + read);
    expect_kept({"project", "umap", "Z.npy", "-o", "m.npy", "--save", name},
                "--save is " + name + read);
    expect_kept({"project", "pca", "Z.npy", "--labels", "Z.npy", "-o", name}, read);
  }
  fs::create_symlink("models/AE/mnist_4.safetensors", folder / "latents.npy");
  expect_kept({"encode", "mnist_4", "-o", "latents.npy"}, "--output is latents.npy" + read);
  expect_kept({"encode", "mnist_4", "-o", "z.npy", "--labels_out", "latents.npy"},
              "--labels_out is latents.npy" + read);
  expect_kept({"encode", "mnist_4", "-o", "z.npy", "--names_out", "./z.npy"},
              "--output and --names_out are the same file: name two");
  good({"project", "pca", "Z.npy", "-o", "m.npy", "--save", "p.safetensors"});
  fs::create_symlink("p.safetensors", folder / "applied.npy");
  expect_kept({"project", "apply", "p.safetensors", "Z.npy", "-o", "applied.npy"}, read);
  expect_kept({"project", "quality", "Z.npy", "m.npy", "--points", "Z.npy"},
              "end its name with .npz, .csv or .tsv");
}

TEST_F(CliOutputs, AnOutputReplacesATrainedModelOnlyIfAskedTo) {
  fs::create_symlink("other.safetensors", folder / "o.npy");
  fs::create_hard_link(folder / "other.safetensors", folder / "o.png");
  const std::string message = ", a trained model: name another file, or add --overwrite";
  expect_kept({"encode", "mnist_4", "-o", "o.npy"}, "--output is o.npy" + message);
  expect_kept({"decode", "mnist_4", "Z.npy", "-o", "o.npy"}, message);
  expect_kept({"decode", "mnist_4", "Z.npy", "-o", "o.png"}, message);
  expect_kept({"project", "pca", "Z.npy", "-o", "o.npy"}, message);
  expect_kept({"project", "pca", "Z.npy", "-o", "m.npy", "--save", "other.safetensors"},
              "--save is other.safetensors" + message);
  expect_kept({"project", "pca", "Z.npy", "-o", "m.npy", "--plot", "o.png"}, "--plot is o.png");
  fs::create_directory(folder / "onnx");
  fs::create_symlink("../other.safetensors", folder / "onnx" / "encoder_mnist_4.onnx");
  expect_kept({"export", "mnist_4", "--format", "onnx", "-o", "onnx"},
              "onnx/encoder_mnist_4.onnx is a trained model by another name");
  good({"project", "pca", "Z.npy", "-o", "m.npy", "--save", "other.safetensors", "--overwrite"});
  // A saved projection is replaced as any other file.
  good({"project", "pca", "Z.npy", "-o", "m.npy", "--save", "other.safetensors"});
}

TEST_F(CliOutputs, ALinkIsFollowedAndAFileKeepsItsMode) {
  fs::create_directory(folder / "far");
  write_text(folder / "far/m.npy", "old");
  fs::permissions(folder / "far/m.npy", fs::perms(0640));
  fs::create_symlink("far/m.npy", folder / "m.npy");
  good({"project", "pca", "Z.npy", "-o", "m.npy"});
  EXPECT_TRUE(fs::is_symlink(folder / "m.npy"));
  EXPECT_EQ(fs::status(folder / "far/m.npy").permissions(), fs::perms(0640));
  EXPECT_EQ(read_npy(folder / "far/m.npy").shape, (Shape{6, 2}));
}

TEST_F(CliOutputs, ADeviceIsWrittenToAndStaysAsItIs) {
  for (const Words& call : {Words{"project", "pca", "Z.npy", "-o", "/dev/null"},
                            Words{"encode", "mnist_4", "-o", "/dev/null"},
                            Words{"decode", "mnist_4", "Z.npy", "-o", "/dev/null"}}) {
    good(call);
    EXPECT_TRUE(fs::is_character_file("/dev/null"));
  }
  const Outcome full = run({"project", "pca", "Z.npy", "-o", "/dev/full"});
  EXPECT_EQ(full.status, 1);
  EXPECT_EQ(full.err, "hourglass: [write] /dev/full: No space left on device\n");
  EXPECT_TRUE(fs::is_character_file("/dev/full"));
}

TEST_F(CliOutputs, APlantedLockEmptiesNothing) {
  write_text(folder / "precious", "kept");
  fs::create_symlink(folder / "precious", folder / "models/AE/mnist_3.lock");
  const Outcome outcome =
      run({"train", "--dataset", "mnist", "--latent_dim", "3", "--epochs", "1"});
  EXPECT_NE(outcome.status, 0);
  EXPECT_THAT(outcome.err, HasSubstr("mnist_3.lock is a symbolic link, not a lock of hourglass"));
  EXPECT_EQ(text_of(folder / "precious"), "kept");
}

}  // namespace
}  // namespace hourglass
