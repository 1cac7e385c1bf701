#include "hourglass/project/umap/impl/eigenvectors.h"

#include <Spectra/SymEigsSolver.h>

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>

namespace hourglass {
namespace {

constexpr std::int64_t kDense = 200;  // up to this many vertices all eigenvectors are computed
// Tolerances of an eigenvalue. Long chains of few vertices have eigengaps of 1e-5. For many
// vertices a rough start is enough: slightly mixed eigenvectors in float take half the time.
constexpr std::int64_t kFew = 10000;
constexpr double kToleranceOfFew = 1e-8;
constexpr float kToleranceOfMany = 1e-4f;
constexpr Eigen::Index kMostRounds = 300;

std::size_t at(std::int64_t i) {
  return static_cast<std::size_t>(i);
}

/// D^-1/2 W D^-1/2, whose largest eigenvalues are the smallest of the Laplacian.
template <typename Real>
class NormalisedGraph {
 public:
  using Scalar = Real;  // required by Spectra
  using Dense = Eigen::Matrix<Real, Eigen::Dynamic, Eigen::Dynamic>;

  NormalisedGraph(const FuzzyGraph& graph, ThreadPool& pool)
      : graph_(graph), pool_(pool), values_(at(graph.edges())) {
    std::vector<double> scale(at(graph.vertices()));
    for (std::int64_t v = 0; v < graph.vertices(); ++v) {
      double degree = 0;
      for (std::int64_t e = graph.offsets[at(v)]; e < graph.offsets[at(v + 1)]; ++e) {
        degree += static_cast<double>(graph.weights[at(e)]);
      }
      scale[at(v)] = 1 / std::sqrt(degree);
    }
    for (std::int64_t v = 0; v < graph.vertices(); ++v) {
      for (std::int64_t e = graph.offsets[at(v)]; e < graph.offsets[at(v + 1)]; ++e) {
        values_[at(e)] = static_cast<Real>(static_cast<double>(graph.weights[at(e)]) *
                                           (scale[at(v)] * scale[at(graph.targets[at(e)])]));
      }
    }
  }

  Eigen::Index rows() const { return graph_.vertices(); }
  Eigen::Index cols() const { return graph_.vertices(); }

  void perform_op(const Real* in, Real* out) const {
    parallel_for(pool_, graph_.vertices(), 1024, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t v = begin; v < end; ++v) {
        Real sum = 0;
        for (std::int64_t e = graph_.offsets[at(v)]; e < graph_.offsets[at(v + 1)]; ++e) {
          sum += values_[at(e)] * in[graph_.targets[at(e)]];
        }
        out[v] = sum;
      }
    });
  }

  Dense dense() const {
    Dense matrix = Dense::Zero(rows(), cols());
    for (std::int64_t v = 0; v < graph_.vertices(); ++v) {
      for (std::int64_t e = graph_.offsets[at(v)]; e < graph_.offsets[at(v + 1)]; ++e) {
        matrix(v, graph_.targets[at(e)]) = values_[at(e)];
      }
    }
    return matrix;
  }

 private:
  const FuzzyGraph& graph_;
  ThreadPool& pool_;
  std::vector<Real> values_;
};

/// Columns 1 .. dims, with their signs fixed; column 0 is the trivial eigenvector.
std::vector<std::vector<double>> taken(const Eigen::MatrixXd& falling, int dims) {
  std::vector<std::vector<double>> vectors;
  for (int c = 1; c <= dims; ++c) {
    const Eigen::VectorXd v = falling.col(c);
    Eigen::Index largest = 0;
    v.cwiseAbs().maxCoeff(&largest);
    const double sign = v[largest] < 0 ? -1.0 : 1.0;
    auto& out = vectors.emplace_back();
    for (Eigen::Index i = 0; i < v.size(); ++i) out.push_back(sign * v[i]);
  }
  return vectors;
}

/// By Lanczos iteration (Spectra's implicit restarts).
template <typename Real>
std::optional<std::vector<std::vector<double>>> iterated(const FuzzyGraph& graph, int dims,
                                                         Real tolerance, ThreadPool& pool) {
  NormalisedGraph<Real> matrix(graph, pool);
  const Eigen::Index wanted = dims + 1;
  Spectra::SymEigsSolver<NormalisedGraph<Real>> solver(
      matrix, wanted,
      std::min<Eigen::Index>(graph.vertices(), std::max<Eigen::Index>(3 * wanted, 40)));
  solver.init();
  solver.compute(Spectra::SortRule::LargestAlge, kMostRounds, tolerance,
                 Spectra::SortRule::LargestAlge);
  if (solver.info() != Spectra::CompInfo::Successful) return std::nullopt;
  return taken(solver.eigenvectors().template cast<double>(), dims);
}

}  // namespace

std::optional<std::vector<std::vector<double>>> laplacian_eigenvectors(const FuzzyGraph& graph,
                                                                       int dims, ThreadPool& pool) {
  if (graph.vertices() <= std::max<std::int64_t>(kDense, 4 * dims)) {
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(
        NormalisedGraph<double>(graph, pool).dense());
    if (solver.info() != Eigen::Success) return std::nullopt;
    return taken(solver.eigenvectors().rightCols(dims + 1).rowwise().reverse(), dims);
  }
  return graph.vertices() <= kFew ? iterated(graph, dims, kToleranceOfFew, pool)
                                  : iterated(graph, dims, kToleranceOfMany, pool);
}

}  // namespace hourglass
