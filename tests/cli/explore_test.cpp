// explore with a checkpoint: the page as one file and served, the pack beside the run, epochs, and
// what is missing. Matrices: explore_matrix_test.cpp.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <signal.h>

#include <nlohmann/json.hpp>

#include "explore_fixture.h"
#include "hourglass/serve/socket_test.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::Contains;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

using CliExplore = Explore;

TEST_F(CliExplore, OneFileHoldsThePackTheModelAndTheEngineToTheByte) {
  trained();
  const Outcome outcome = explored({"mnist_4", "-o", "x.html"});
  EXPECT_THAT(outcome.out, HasSubstr("24 points; it contains the images that it shows "
                                     "(--no_images leaves them out)\n"));
  EXPECT_THAT(outcome.out, HasSubstr("wrote x.html\nnext: hourglass explore mnist_4\n"));
  const auto blobs = blobs_of(text_of(folder / "x.html"));
  EXPECT_EQ(blobs.size(), 3u);
  EXPECT_EQ(text(blobs.at("pack.safetensors")), text_of(kept));
  EXPECT_EQ(text(blobs.at("model.safetensors")), text_of(model));
  EXPECT_THAT(text(blobs.at("engine.wasm")), StartsWith(std::string("\0asm", 4)));
  EXPECT_THAT(text_of(folder / "x.html"), Not(HasSubstr("connect-src 'self'")));
}

TEST_F(CliExplore, ThePackIsKeptAndUsedAgainUntilSomethingIsDifferent) {
  trained();
  EXPECT_TRUE(made({}));
  EXPECT_FALSE(made({}));
  EXPECT_TRUE(made({"--limit", "10"}));
  EXPECT_TRUE(made({"--no_images"}));
  EXPECT_TRUE(made({"--split", "train,test"}));
  EXPECT_TRUE(made({}));
  EXPECT_FALSE(made({"--data_dir", "data"})) << "where the images lie changes nothing";
  train({"--epochs", "2", "--overwrite"});
  EXPECT_TRUE(made({})) << "another checkpoint";
}

TEST_F(CliExplore, ADamagedPackIsMadeAgainToTheSameBytes) {
  trained();
  made({});
  const std::string whole = text_of(kept);
  for (const std::string& damaged : {whole.substr(0, whole.size() / 2), std::string("x"),
                                     std::string(whole.size(), '\0'), std::string()}) {
    write_text(kept, damaged);
    EXPECT_TRUE(made({}));
    EXPECT_EQ(text_of(kept), whole);
  }
}

TEST_F(CliExplore, ThePackIsNoCheckpointAndGoesWithItsRun) {
  trained();
  made({});
  EXPECT_THAT(run({"info"}).out, HasSubstr("models/AE/mnist_4.safetensors"));
  EXPECT_THAT(run({"info", kept.string()}).err,
              HasSubstr("is what the explorer keeps of a model, not a model: name "));
  EXPECT_THAT(run({"info", "mnist_4.explore"}).err, HasSubstr("there is no mnist_4.explore"));
  EXPECT_EQ(train({"--name", "a.explore", "--epochs", "1"}).status, 2);
  EXPECT_EQ(train({"--epochs", "2", "--overwrite"}).status, 0);
  EXPECT_FALSE(fs::exists(kept));
}

TEST_F(CliExplore, AFolderThatCannotBeWrittenOnlyKeepsNoPack) {
  trained();
  fs::create_directories(kept);  // nothing replaces a folder
  const Outcome outcome = explored({"mnist_4", "-o", "x.html"});
  EXPECT_THAT(outcome.err, HasSubstr("the pack is not kept: "));
  EXPECT_EQ(blobs_of(text_of(folder / "x.html")).size(), 3u);
}

TEST_F(CliExplore, TheModelsOfDrawnEpochsAreKeptAndPackedWhenAskedFor) {
  const Outcome outcome = train({"--epochs", "2", "--visualize"});
  EXPECT_THAT(outcome.out, HasSubstr("the models of 2 drawn epochs are kept beside their maps, "));
  const fs::path umap = folder / "visu/mnist_autoencoder/umap";
  const std::string first = text_of(umap / "mnist_4_epoch_01.safetensors");
  EXPECT_FALSE(first.empty());
  const nlohmann::json facts = json({"--epochs", "all"});
  EXPECT_EQ(facts["epochs"], nlohmann::json({1, 2}));
  const auto all = blobs_of(text_of(folder / "x.html"));
  EXPECT_EQ(all.size(), 4u);
  EXPECT_EQ(text(all.at("model_1.safetensors")), first);
  json({});
  EXPECT_EQ(blobs_of(text_of(folder / "x.html")).size(), 3u);
  train({"--epochs", "1", "--overwrite"});
  EXPECT_FALSE(fs::exists(umap / "mnist_4_epoch_01.safetensors"));
}

TEST_F(CliExplore, AModelThatIsMissingBesideItsMapIsKeptWithoutDrawingAgain) {
  train({"--epochs", "1", "--visualize"});
  const fs::path umap = folder / "visu/mnist_autoencoder/umap";
  const std::string first = text_of(umap / "mnist_4_epoch_01.safetensors");
  fs::remove(umap / "mnist_4_epoch_01.safetensors");
  const auto drawn = fs::last_write_time(umap / "mnist_4_epoch_01.png");
  EXPECT_THAT(train({"--epochs", "1", "--visualize"}).out, HasSubstr("is this run already"));
  EXPECT_EQ(text_of(umap / "mnist_4_epoch_01.safetensors"), first);
  EXPECT_EQ(fs::last_write_time(umap / "mnist_4_epoch_01.png"), drawn);
}

TEST_F(CliExplore, ALimitIsSaid) {
  trained();
  const Outcome outcome = explored({"mnist_4", "--limit", "10", "-o", "x.html"});
  EXPECT_THAT(outcome.err, HasSubstr("hourglass: 10 of 24 points, as --limit asks\n"));
  const nlohmann::json facts = json({"--limit", "10"});
  EXPECT_EQ(facts["points"], 10);
  EXPECT_EQ(facts["total"], 24);
}

TEST_F(CliExplore, WithoutImagesTheFileSaysSoAndIsSmaller) {
  trained();
  explored({"mnist_4", "-o", "with.html"});
  const Outcome outcome = explored({"mnist_4", "--no_images", "-o", "x.html"});
  EXPECT_THAT(outcome.out, HasSubstr("it contains no images\n"));
  EXPECT_THAT(outcome.err, HasSubstr("hourglass: the images are left out, as --no_images asks\n"));
  EXPECT_LT(fs::file_size(folder / "x.html"), fs::file_size(folder / "with.html"));
}

TEST_F(CliExplore, WithoutItsDataTheKeptPackIsShown) {
  trained();
  made({});
  fs::remove_all(folder / "data");
  EXPECT_FALSE(made({})) << "made of the same images: nothing is missed";
  const Outcome outcome =
      explored({"mnist_4", "--limit", "5", "--data_dir", "none", "-o", "x.html"});
  EXPECT_THAT(outcome.err, HasSubstr("; showing what was kept of them\n"));
  EXPECT_EQ(text(blobs_of(text_of(folder / "x.html")).at("pack.safetensors")), text_of(kept));
}

TEST_F(CliExplore, WithoutItsDataADrawnMapIsShownWithTheDecoder) {
  train({"--epochs", "1", "--visualize"});
  const Outcome outcome = explored({"mnist_4", "--data_dir", "none", "-o", "x.html"});
  EXPECT_THAT(outcome.err, HasSubstr("; showing the map that was drawn, without images\n"));
  EXPECT_THAT(outcome.err, HasSubstr("only the axes of the latent space can be decoded\n"));
  EXPECT_EQ(blobs_of(text_of(folder / "x.html")).size(), 3u);
  EXPECT_FALSE(fs::exists(kept));
}

TEST_F(CliExplore, WithoutItsDataAndAnyMapOneLineSaysWhatIsMissing) {
  trained();
  const Outcome outcome = run({"explore", "mnist_4", "--data_dir", "none", "-o", "x.html"});
  EXPECT_EQ(outcome.status, 1) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("without them and without a drawn map there are no points to "
                                     "show; the decoder alone is hourglass decode\n"));
  EXPECT_EQ(std::count(outcome.err.begin(), outcome.err.end(), '\n'), 1);
  EXPECT_FALSE(fs::exists(folder / "x.html"));
}

TEST_F(CliExplore, OutputsFollowTheRuleOfAllOutputs) {
  trained();
  refused({"mnist_4", "-o", "x.txt"}, "--output is x.txt: end its name with .html");
  refused({"mnist_4", "-o", "-"}, "--output is -: end its name with .html");
  fs::create_directories(folder / "f.html");
  refused({"mnist_4", "-o", "f.html"}, "--output is f.html, a folder: name a file in it");
  fs::copy_file(model, folder / "m.html");
  refused({"mnist_4", "-o", "m.html"},
          "--output is m.html, a trained model: name another file, or");
  explored({"mnist_4", "-o", "m.html", "--overwrite"});
  EXPECT_EQ(blobs_of(text_of(folder / "m.html")).size(), 3u);
}

TEST_F(CliExplore, FlagsThatDoNotBelongAreRefused) {
  trained();
  refused({"mnist_4", "--map", "M.npy"}, "--map belongs to a matrix: leave it out");
  refused({"mnist_4", "--images", "data"}, "--images belongs to a matrix: leave it out");
  refused({"mnist_4", "--epochs", "some"}, "--epochs is some: choose last or all");
  refused({"mnist_4", "--split", "trian"}, "no split is called 'trian': did you mean train?");
  refused({"mnist_4", "--port", "0"}, "--port is 0: must be at least 1");
  refused({"mnist_4", "--no_browser", "-o", "x.html"}, "--no_browser belongs to serving");
  refused({"mnist_5"}, "there is no mnist_5 in models: did you mean mnist_4?");
}

TEST_F(CliExplore, ServesTheSameBlobsUntilItIsInterrupted) {
  trained();
  json({});
  const auto blobs = blobs_of(text_of(folder / "x.html"));
  const Running running = start({"explore", "--no_browser", "--json"});
  ASSERT_TRUE(wait_for_output(running, "\"address\""));
  ASSERT_TRUE(wait_until_it_catches_interrupts(running));
  const std::string out = text_of(running.out);
  const std::string address = nlohmann::json::parse(out)["address"];
  ASSERT_THAT(address, StartsWith("http://127.0.0.1:"));
  const std::size_t port_at = std::string("http://127.0.0.1:").size();
  const std::size_t path_at = address.find('/', port_at);
  const int port = std::stoi(address.substr(port_at, path_at - port_at));
  const auto get = [&](const std::string& name) {
    Client client(port);
    client.send(fmt::format("GET {}{} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\n\r\n",
                            address.substr(path_at), name, port));
    const std::string answer = client.receive_all();
    return answer.substr(std::min(answer.find("\r\n\r\n") + 4, answer.size()));
  };
  for (const auto& [name, bytes] : blobs) EXPECT_EQ(get(name), text(bytes)) << name;
  EXPECT_THAT(get(""), HasSubstr("connect-src 'self'"));
  ::kill(running.pid, SIGINT);
  EXPECT_EQ(finish(running).status, 0);
}

}  // namespace
}  // namespace hourglass
