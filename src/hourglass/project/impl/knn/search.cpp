#include "hourglass/project/impl/knn/search.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>

#include "hourglass/kernels/kernels.h"

namespace hourglass {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kLargest = std::numeric_limits<float>::max();
constexpr std::int64_t kFetched = 256;  // floats of a row; the processor prefetches the rest
constexpr std::int64_t kFirst = 8;      // nearest leaves searched before the others are sorted

/// A leaf and its distance from the query leaf: a lower bound of the distance between any two of
/// their points.
struct Meeting {
  float distance;
  std::int32_t leaf;

  bool operator<(const Meeting& other) const {
    return distance != other.distance ? distance < other.distance : leaf < other.leaf;
  }
};

/// Two points whose distance is not computed yet.
struct Open {
  float squared;            // lower bound of the squared distance of their images
  std::int32_t own, other;  // indices in their leaves

  bool operator<(const Open& o) const {
    if (squared != o.squared) return squared < o.squared;
    return own != o.own ? own < o.own : other < o.other;
  }
};

/// One leaf's search.
class LeafSearch {
 public:
  LeafSearch(const SearchSides& sides, std::int64_t leaf, int k, float reach,
             std::vector<Candidate>& found)
      : s_(sides), leaf_(leaf), k_(k), reach_(reach), found_(found) {
    const std::int64_t near = s_.queries.near;
    const auto& far = s_.embedding.far;
    const std::int64_t widest = far.empty() ? near : far.back();
    growth_ = 1 + 2 * static_cast<float>(widest + 16) * std::numeric_limits<float>::epsilon();
    // Products of `near` terms, the bias among them: Higham 2002, eq. 3.4, doubled.
    slack_ = static_cast<float>(2 * near + 32) * std::numeric_limits<float>::epsilon() / 2;
    // Points of the leaf as rows, for the side of the product that is read by rows.
    rows_ = Tensor(Shape{kLeaf, near});
    const float* points = s_.queries.points.data() + leaf * near * kLeaf;
    for (std::int64_t i = 0; i < kLeaf; ++i) {
      for (std::int64_t c = 0; c < near; ++c) rows_[i * near + c] = points[c * kLeaf + i];
      radius_[i] = row(i) < 0 ? -kInfinity : kInfinity;
    }
    pair_.resize(static_cast<std::size_t>((kLeaf + 1) * kLeaf));
    value_.resize(pair_.size());
  }

  void run() {
    std::vector<Meeting> meetings = all_meetings();
    const auto first = meetings.begin() + std::min<std::int64_t>(kFirst, s_.reference.count);
    std::partial_sort(meetings.begin(), first, meetings.end());
    for (auto m = meetings.begin(); m != first; ++m) meet(*m);
    // Most other leaves are out of reach now.
    const auto end =
        std::remove_if(first, meetings.end(), [&](const Meeting& m) { return out_of_reach(m); });
    std::sort(first, end);
    for (auto m = first; m != end; ++m) meet(*m);
  }

 private:
  std::int32_t row(std::int64_t i) const {
    return s_.queries.order[static_cast<std::size_t>(leaf_ * kLeaf + i)];
  }
  std::span<Candidate> best(std::int64_t i) {
    return std::span(found_).subspan(
        static_cast<std::size_t>(row(i)) * static_cast<std::size_t>(k_),
        static_cast<std::size_t>(k_));
  }

  std::vector<Meeting> all_meetings() const {
    const std::int64_t near = s_.reference.near;
    const float* low = s_.queries.low.data() + leaf_ * near;
    const float* high = s_.queries.high.data() + leaf_ * near;
    std::vector<Meeting> meetings;
    meetings.reserve(static_cast<std::size_t>(s_.reference.count));
    for (std::int64_t l = 0; l < s_.reference.count; ++l) {
      const float* other_low = s_.reference.low.data() + l * near;
      const float* other_high = s_.reference.high.data() + l * near;
      float square = 0;
      for (std::int64_t c = 0; c < near; ++c) {
        const float gap = std::max(std::max(other_low[c] - high[c], low[c] - other_high[c]), 0.0f);
        square += gap * gap;
      }
      meetings.push_back({std::sqrt(square), static_cast<std::int32_t>(l)});
    }
    return meetings;
  }

  bool out_of_reach(const Meeting& m) const {
    const float error = s_.reference.most_error[static_cast<std::size_t>(m.leaf)];
    return m.distance > (widest_ + error) * growth_ * reach_;
  }

  void meet(const Meeting& m) {
    if (out_of_reach(m)) return;
    const std::int64_t leaf = m.leaf, near = s_.reference.near;
    const float error = s_.reference.most_error[static_cast<std::size_t>(leaf)];
    const float norm = s_.reference.most_norm[static_cast<std::size_t>(leaf)];
    const float* half = s_.queries.bias.data() + leaf_ * kLeaf;
    float gap[kLeaf], square[kLeaf], slack[kLeaf], least[kLeaf];
    kernels().near.box(gap, s_.queries.points.data() + leaf_ * near * kLeaf,
                       s_.reference.low.data() + leaf * near,
                       s_.reference.high.data() + leaf * near, near);
    for (std::int64_t i = 0; i < kLeaf; ++i) {
      square[i] = square_reach(i, error);
      // p + bias of the other = p - |b|^2 / 2 >= |a|^2 / 2 - reach^2 / 2, within rounding.
      slack[i] = slack_ * (norm - 2 * half[i]);
      least[i] = std::max(-half[i] - (square[i] + slack[i]) / 2, -kLargest);
    }
    std::int32_t index[kLeaf], offset[kLeaf];
    float limit[kLeaf], far_limit[kLeaf];
    std::int64_t count = 0;
    for (std::int64_t i = 0; i < kLeaf; ++i) {
      index[count] = static_cast<std::int32_t>(i);
      offset[count] = static_cast<std::int32_t>(i * near);
      limit[count] = least[i];
      far_limit[count] = square[i];
      count += gap[i] <= square[i] * reach_ * reach_ ? 1 : 0;
    }
    if (count == 0) return;
    const NearPairs found{pair_.data(), value_.data()};
    std::int64_t pairs =
        kernels().near.product(found, {rows_.data(), offset, limit, count,
                                       s_.reference.points.data() + leaf * near * kLeaf,
                                       s_.reference.bias.data() + leaf * kLeaf, near});
    if (pairs == 0) return;
    const auto& widths = s_.embedding.far;
    for (std::size_t f = 0; f < widths.size() && pairs > 0; ++f) {
      for (std::int64_t a = 0; a < count; ++a) {
        offset[a] = static_cast<std::int32_t>(index[a] * widths[f]);
      }
      const float* queries = s_.queries.far_points[f].data() + leaf_ * kLeaf * widths[f];
      const float* reference = s_.reference.far_points[f].data() + leaf * kLeaf * widths[f];
      pairs =
          kernels().near.refine(found, pairs, {queries, offset, far_limit, reference, widths[f]});
    }
    open_.clear();
    for (std::int64_t p = 0; p < pairs; ++p) {
      const std::uint32_t pair = pair_[static_cast<std::size_t>(p)];
      const std::int32_t i = index[pair / kLeaf];
      const float value = value_[static_cast<std::size_t>(p)];
      // A lower bound of the squared distance of the two images.
      const float squared = !widths.empty() ? value : -2 * (value + half[i]) - slack[i];
      open_.push_back({squared, i, static_cast<std::int32_t>(pair % kLeaf)});
    }
    measure(leaf, error);
  }

  /// The largest squared distance between the images of point i and of a neighbour.
  float square_reach(std::int64_t i, float error) const {
    const float reach = (radius_[i] + error) * growth_;
    return reach >= 0 ? std::min(reach * reach, kLargest) : -1;
  }

  /// Computes the distances of the open pairs with points of `leaf`, near images first, and keeps
  /// the nearest.
  void measure(std::int64_t leaf, float error) {
    const std::int64_t d = s_.reference_rows.size(1);
    std::sort(open_.begin(), open_.end());
    bool nearer = false;
    const auto index_of = [&](const Open& open) {
      return s_.reference.order[static_cast<std::size_t>(leaf * kLeaf + open.other)];
    };
    for (std::size_t o = 0; o < open_.size(); ++o) {
      if (o + 1 < open_.size()) {  // loads the next row while this one is computed
        const float* next = s_.reference_rows.data() + index_of(open_[o + 1]) * d;
        for (std::int64_t j = 0; j < std::min(d, kFetched); j += 16) __builtin_prefetch(next + j);
      }
      const Open& open = open_[o];
      const std::int64_t i = open.own;
      if (open.squared > square_reach(i, error)) continue;
      const std::int32_t other = index_of(open);
      if (s_.leave_out_self && other == row(i)) continue;
      const Candidate candidate{
          kernels().near.squared_distance(s_.query_rows.data() + row(i) * d,
                                          s_.reference_rows.data() + other * d, d),
          other};
      const std::span<Candidate> kept = best(i);
      if (!(candidate < kept.back())) continue;
      const auto at = std::upper_bound(kept.begin(), kept.end(), candidate);
      std::move_backward(at, kept.end() - 1, kept.end());
      *at = candidate;
      radius_[i] = static_cast<float>(std::sqrt(kept.back().squared) *
                                      static_cast<double>(s_.embedding.scale)) *
                       growth_ +
                   s_.queries.error[static_cast<std::size_t>(leaf_ * kLeaf + i)];
      nearer = true;
    }
    if (nearer) widest_ = *std::max_element(radius_, radius_ + kLeaf);
  }

  const SearchSides& s_;
  std::int64_t leaf_;
  int k_;
  float reach_;
  std::vector<Candidate>& found_;
  float growth_, slack_;
  Tensor rows_;
  float radius_[kLeaf];  // how far a neighbour's image may be from each point's image
  float widest_ = kInfinity;
  std::vector<std::uint32_t> pair_;
  std::vector<float> value_;
  std::vector<Open> open_;
};

}  // namespace

std::vector<Candidate> search_leaves(const SearchSides& sides, int k, float reach,
                                     ThreadPool& pool) {
  const auto size =
      static_cast<std::size_t>(sides.query_rows.size(0)) * static_cast<std::size_t>(k);
  std::vector<Candidate> found(
      size, {std::numeric_limits<double>::infinity(), std::numeric_limits<std::int32_t>::max()});
  pool.run(sides.queries.count,
           [&](std::int64_t leaf) { LeafSearch(sides, leaf, k, reach, found).run(); });
  return found;
}

}  // namespace hourglass
