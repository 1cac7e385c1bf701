// The kernels of kernels.h as operations. Kernels that are most of a layer are also in the table as
// that layer.

#include <fmt/format.h>

#include "hourglass/base/random.h"
#include "hourglass/kernels/kernels.h"
#include "hourglass/nn/op_cases_test.h"

namespace hourglass {
namespace {

using Offsets = std::vector<std::int32_t>;

/// Rows stored in another order than they are computed in.
Offsets scattered(std::int64_t rows, std::int64_t stride) {
  Offsets offsets;
  for (std::int64_t m = rows - 1; m >= 0; --m) {
    offsets.push_back(static_cast<std::int32_t>(m * stride));
  }
  return offsets;
}

struct Sizes {
  std::int64_t rows, taps, channels, columns;
  std::int64_t depth() const { return taps * channels; }
  /// Taps are one float apart, so that they overlap as in a convolution.
  Gather gather(const Offsets& row_offset, const Offsets& tap_offset) const {
    return {row_offset.data(), rows, tap_offset.data(), taps, channels};
  }
  std::int64_t row_stride() const { return channels + taps; }
  Offsets tap_offsets() const {
    Offsets offsets;
    for (std::int64_t t = 0; t < taps; ++t) offsets.push_back(static_cast<std::int32_t>(t));
    return offsets;
  }
};

class ProductOp : public Op {
 public:
  explicit ProductOp(const Sizes& s)
      : s_(s),
        in_offset_(scattered(s.rows, s.row_stride())),
        out_offset_(scattered(s.rows, s.columns)),
        tap_offset_(s.tap_offsets()) {}
  void load(const Arrays& inputs) override {
    inputs_ = inputs;
    out_.assign(static_cast<std::size_t>(s_.rows * s_.columns), 0.0f);
  }
  void forward() override {
    kernels().product({out_.data(), out_offset_.data(), inputs_[0].data(),
                       s_.gather(in_offset_, tap_offset_), inputs_[1].data(), inputs_[2].data(),
                       s_.columns});
  }
  std::vector<double> output() const override { return {out_.begin(), out_.end()}; }

 private:
  Sizes s_;
  Offsets in_offset_, out_offset_, tap_offset_;
  Arrays inputs_;
  std::vector<float> out_;
};

class GramOp : public Op {
 public:
  explicit GramOp(const Sizes& s)
      : s_(s),
        in_offset_(scattered(s.rows, s.row_stride())),
        right_offset_(scattered(s.rows, s.columns)),
        tap_offset_(s.tap_offsets()) {}
  void load(const Arrays& inputs) override {
    inputs_ = inputs;
    out_ = inputs[2];  // added to
  }
  void forward() override {
    kernels().gram({out_.data(), inputs_[0].data(), s_.gather(in_offset_, tap_offset_),
                    inputs_[1].data(), right_offset_.data(), s_.columns});
  }
  std::vector<double> output() const override { return {out_.begin(), out_.end()}; }

 private:
  Sizes s_;
  Offsets in_offset_, right_offset_, tap_offset_;
  Arrays inputs_;
  std::vector<float> out_;
};

class ColumnSumsOp : public Op {
 public:
  ColumnSumsOp(std::int64_t rows, std::int64_t columns)
      : rows_(rows), columns_(columns), offset_(scattered(rows, columns)) {}
  void load(const Arrays& inputs) override {
    in_ = inputs[0];
    out_ = inputs[1];
  }
  void forward() override {
    kernels().column_sums(out_.data(), in_.data(), offset_.data(), rows_, columns_);
  }
  std::vector<double> output() const override { return {out_.begin(), out_.end()}; }

 private:
  std::int64_t rows_, columns_;
  Offsets offset_;
  std::vector<float> in_, out_;
};

class SumPartsOp : public Op {
 public:
  SumPartsOp(std::int64_t count, std::int64_t n)
      : count_(count), n_(n), out_(static_cast<std::size_t>(n)) {}
  void load(const Arrays& inputs) override { parts_ = inputs[0]; }
  void forward() override {
    kernels().sum_parts(out_.data(), parts_.data(), count_, n_ + kVectorFloats, n_);
  }
  std::vector<double> output() const override { return {out_.begin(), out_.end()}; }

 private:
  std::int64_t count_, n_;
  std::vector<float> parts_, out_;
};

class SigmoidOp : public Op {
 public:
  void load(const Arrays& inputs) override { values_ = inputs[0]; }
  void forward() override {
    kernels().sigmoid(values_.data(), static_cast<std::int64_t>(values_.size()));
  }
  std::vector<double> output() const override { return {values_.begin(), values_.end()}; }

 private:
  std::vector<float> values_;
};

/// The loss; its backward returns the gradient computed with it.
class SigmoidLossOp : public Op {
 public:
  void load(const Arrays& inputs) override {
    inputs_ = inputs;
    gradient_.resize(inputs[0].size());
  }
  void forward() override {
    out_ = inputs_[0];
    loss_ = kernels().sigmoid_loss({out_.data(), gradient_.data(), inputs_[1].data(),
                                    static_cast<std::int64_t>(out_.size()), 2.0f});
  }
  std::vector<double> output() const override { return {loss_}; }
  void load_gradient(const std::vector<float>& of_output) override { factor_ = of_output[0]; }
  Arrays gradients() const override {
    std::vector<float> by_logits = gradient_;
    for (float& g : by_logits) g *= factor_;
    return {by_logits, {}};
  }

 private:
  Arrays inputs_;
  std::vector<float> out_, gradient_;
  double loss_ = 0;
  float factor_ = 1;
};

/// One step; the output is weight, m and v, concatenated.
class AdamOp : public Op {
 public:
  void load(const Arrays& inputs) override { inputs_ = inputs; }
  void forward() override {
    kernels().adam({inputs_[0].data(), inputs_[1].data(), inputs_[2].data(), inputs_[3].data(),
                    static_cast<std::int64_t>(inputs_[0].size()), 0.9f, 0.999f, 1e-8f, 0.1f, 0.001f,
                    0.01f, 0.0316f});
  }
  std::vector<double> output() const override {
    std::vector<double> all;
    for (int i = 0; i < 3; ++i) {
      const auto& part = inputs_[static_cast<std::size_t>(i)];
      all.insert(all.end(), part.begin(), part.end());
    }
    return all;
  }

 private:
  Arrays inputs_;
};

template <typename T, typename... Args>
OpCase::Make maker(Args... args) {
  return [=] { return std::make_unique<T>(args...); };
}

constexpr const char* kSums = "products rounded before they are added, or not (FMA)";

void add_products(std::vector<OpCase>& cases, const Sizes& s) {
  const std::string size =
      fmt::format("{} rows, {} taps of {}, {} columns", s.rows, s.taps, s.channels, s.columns);
  const auto in = random_floats(s.rows * s.row_stride(), 1);
  const std::int64_t operations = 2 * s.rows * s.depth() * s.columns;
  cases.push_back({"product " + size,
                   {in, random_floats(s.depth() * s.columns, 2), random_floats(s.columns, 3)},
                   operations,
                   maker<ProductOp>(s),
                   {},
                   1e-6,
                   kSums});
  cases.push_back(
      {"gram " + size,
       {in, random_floats(s.rows * s.columns, 4), random_floats(s.depth() * s.columns, 5)},
       operations,
       maker<GramOp>(s),
       {},
       1e-6,
       kSums});
}

void add_elementwise(std::vector<OpCase>& cases, std::int64_t n, bool is_real) {
  const std::string size = fmt::format(" of {}", n);
  cases.push_back({"sigmoid" + size,
                   {random_floats(n, 6, -30, 30)},
                   n,
                   maker<SigmoidOp>(),
                   {},
                   1e-6,
                   "another exponential, within a few ulp"});
  cases.push_back({"sigmoid_loss" + size,
                   {random_floats(n, 7, -4, 4), random_floats(n, 8, 0, 1)},
                   4 * n,
                   maker<SigmoidLossOp>(),
                   {},
                   2e-6,
                   "another exponential, and 16 running sums in float",
                   0.05f});
  cases.push_back({"adam" + size,
                   {random_floats(n, 9), random_floats(n, 10), random_floats(n, 11, 0, 1),
                    random_floats(n, 12)},
                   12 * n,
                   maker<AdamOp>(),
                   {},
                   1e-6,
                   kSums});
  cases.push_back({"sum_parts" + size,
                   {random_floats(8 * (n + kVectorFloats), 13)},
                   7 * n,
                   maker<SumPartsOp>(8, n),
                   {},
                   0.0,
                   "nothing: additions in one order"});
  for (std::size_t i = cases.size() - 4; i < cases.size(); ++i) cases[i].is_real = is_real;
}

}  // namespace

std::vector<float> random_floats(std::int64_t n, std::uint64_t seed, double low, double high) {
  Rng rng(seed, 99);
  std::vector<float> values(static_cast<std::size_t>(n));
  for (float& x : values) x = static_cast<float>(rng.uniform(low, high));
  return values;
}

std::vector<OpCase> kernel_cases() {
  std::vector<OpCase> cases;
  for (const std::int64_t rows : {1, 7, 63, 65}) {
    for (const std::int64_t channels : {1, 7, 63, 65}) {
      for (const std::int64_t columns : {16, 48}) add_products(cases, {rows, 1, channels, columns});
    }
    add_products(cases, {rows, 9, 7, 80});
    cases.push_back({fmt::format("column_sums of {} rows", rows),
                     {random_floats(rows * 48, 14), random_floats(48, 15)},
                     rows * 48,
                     maker<ColumnSumsOp>(rows, 48),
                     {},
                     0.0,
                     "nothing: additions in one order"});
    add_elementwise(cases, rows * kVectorFloats, false);
  }
  add_elementwise(cases, 241'696, true);
  return cases;
}

std::vector<OpCase> op_cases() {
  std::vector<OpCase> cases = kernel_cases();
  for (OpCase& layer : layer_cases()) cases.push_back(std::move(layer));
  return cases;
}

}  // namespace hourglass
