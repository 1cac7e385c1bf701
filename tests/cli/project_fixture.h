// The rows and labels that the tests of `project` share. Not the tests.
#pragma once

#include <gtest/gtest.h>

#include "hourglass/base/random.h"
#include "hourglass/interop/npy.h"
#include "program.h"

namespace hourglass {

/// X.npy holds rows_of(90, 5), L.npy their labels.
class CliProject : public CommandLine {
 protected:
  void SetUp() override {
    CommandLine::SetUp();
    if (IsSkipped()) return;
    write_npy(folder / "X.npy", rows_of(90, 5));
    std::vector<std::int64_t> labels(90);
    for (std::size_t i = 0; i < labels.size(); ++i) labels[i] = static_cast<std::int64_t>(i % 3);
    write_labels(labels);
  }
  /// Three groups that lie far apart, row i in group i mod 3.
  static Tensor rows_of(std::int64_t n, std::int64_t d) {
    Rng rng(4);
    Tensor x(Shape{n, d});
    for (std::int64_t i = 0; i < n; ++i) {
      for (float& value : x.row(i)) value = static_cast<float>(rng.normal());
      x[i * d] += static_cast<float>(20 * (i % 3));
    }
    return x;
  }
  void write_labels(const std::vector<std::int64_t>& labels) const {
    write_npy(folder / "L.npy", {std::span<const std::int64_t>(labels), Shape{std::ssize(labels)}});
  }
  void expect_refused(const Words& call, int status, const std::string& line) {
    const Outcome outcome = run(call);
    EXPECT_EQ(outcome.err, "hourglass: " + line + "\n");
    EXPECT_EQ(outcome.status, status) << line;
    EXPECT_EQ(outcome.out, "");
    EXPECT_FALSE(std::filesystem::exists(folder / "M.npy"));
  }
  Array map() const { return read_npy(folder / "M.npy"); }
  /// These rows have a finite map of 20 epochs, with a row for each.
  void expect_mapped(const Tensor& x) {
    write_npy(folder / "X.npy", x);
    const Outcome outcome =
        run({"project", "umap", "X.npy", "-o", "M.npy", "--n_epochs", "20", "--quiet"});
    EXPECT_EQ(outcome.err, "");
    ASSERT_EQ(outcome.status, 0);
    ASSERT_EQ(map().shape, (Shape{x.size(0), 2}));
    EXPECT_FALSE(first_non_finite(map()));
  }
};

}  // namespace hourglass
