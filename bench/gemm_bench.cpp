// The products of a training step, and large square ones, beside other libraries' on the same matrices.
#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <stdexcept>
#include <string>

#include "soap/base/text.hpp"
#include "soap/linalg/gemm.hpp"
#include "soap/linalg/random.hpp"
#include "soap/linalg/threads.hpp"

#include "blas.hpp"
#include "fma_peak.hpp"
#include "plan.hpp"
#include "table.hpp"

namespace bench {

namespace {

enum class Product { forward, weight_gradient, input_gradient };

const char* name_of(Product product) {
  switch (product) {
    case Product::forward:
      return "forward";
    case Product::weight_gradient:
      return "weight gradient";
    default:
      return "input gradient";
  }
}

struct Shape {
  int out, in, batch;
};

std::string to_text(const Shape& shape) {
  return std::to_string(shape.out) + 'x' + std::to_string(shape.in) + 'x' + std::to_string(shape.batch);
}

soap::Matrix random_matrix(int rows, int cols, const char* purpose) {
  soap::Rng rng(1, purpose);
  soap::Matrix matrix(rows, cols);
  for (soap::Index i = 0; i < matrix.size(); ++i) matrix.data()[i] = static_cast<float>(rng.normal());
  return matrix;
}

// One product's matrices, the same for all contenders: those of a layer with weights W, out x in.
struct Problem {
  Product product;
  Shape shape;
  soap::Matrix W, x, delta, z, below;

  Problem(Product which, const Shape& size)
      : product(which),
        shape(size),
        W(random_matrix(size.out, size.in, "W")),
        x(random_matrix(size.in, size.batch, "x")),
        delta(random_matrix(size.out, size.batch, "delta")),
        z(size.out, size.batch),
        below(size.in, size.batch) {}
};

// W plus an optimizer's step: so small that W stays as it is however often it is taken.
constexpr float minus_lr = -1e-9F;

void multiply_with_soap(Problem& p, float rate = minus_lr) {
  switch (p.product) {
    case Product::forward:
      return soap::gemm(1, p.W, p.x, 0, p.z);
    case Product::weight_gradient:
      return soap::gemm(rate, p.delta, p.x.transpose(), 1, p.W);
    case Product::input_gradient:
      return soap::gemm(1, p.W.transpose(), p.delta, 0, p.below);
  }
}

void multiply_with(Sgemm sgemm, Problem& p, float rate = minus_lr) {
  const auto [out, in, batch] = p.shape;
  switch (p.product) {
    case Product::forward:
      return sgemm(column_major, as_it_is, as_it_is, out, batch, in, 1, p.W.data(), out, p.x.data(), in, 0,
                   p.z.data(), out);
    case Product::weight_gradient:
      return sgemm(column_major, as_it_is, transposed, out, in, batch, rate, p.delta.data(), out, p.x.data(),
                   in, 1, p.W.data(), out);
    case Product::input_gradient:
      return sgemm(column_major, transposed, as_it_is, in, batch, out, 1, p.W.data(), out, p.delta.data(),
                   out, 0, p.below.data(), in);
  }
}

const soap::Matrix& result_of(const Problem& p) {
  if (p.product == Product::forward) return p.z;
  return p.product == Product::weight_gradient ? p.W : p.below;
}

// Throws std::runtime_error unless the library's product is ours: else it would be no rival.
void check_result(const Blas& blas, const Problem& problem) {
  Problem ours = problem;
  Problem theirs = problem;
  multiply_with_soap(ours, -1);
  multiply_with(blas.sgemm, theirs, -1);
  if (!result_of(theirs).isApprox(result_of(ours), 1e-4F))
    throw std::runtime_error(blas.name + " computes another product than libsoap");
}

std::vector<Run> make(Product product, const Shape& shape, int threads) {
  const auto problem = std::make_shared<Problem>(product, shape);
  std::vector<Run> runs{fma_run(fma_peak(), threads), [problem, threads](std::int64_t iterations) {
                          soap::set_threads(threads);
                          for (std::int64_t i = 0; i < iterations; ++i) multiply_with_soap(*problem);
                        }};
  for (const Blas& blas : blas_libraries()) {
    if (blas.sgemm == nullptr) continue;
    check_result(blas, *problem);
    runs.emplace_back([problem, threads, &blas](std::int64_t iterations) {
      blas.set_threads(threads);
      for (std::int64_t i = 0; i < iterations; ++i) multiply_with(blas.sgemm, *problem);
    });
  }
  return runs;
}

// The places in a product's group: the peak, our product, and then the libraries that are installed.
constexpr std::size_t ours = 1;
constexpr std::size_t first_peer = 2;

std::size_t best_peer(const Group& group) {
  std::size_t best = first_peer;
  for (std::size_t i = first_peer; i < group.contenders.size(); ++i)
    if (flop_rate(group, i) > flop_rate(group, best)) best = i;
  return best;
}

// How many times as fast as the best of the others; 0 where there are none.
double against_best_peer(const Group& group) {
  return group.contenders.size() > first_peer ? time_ratio(group, best_peer(group), ours) : 0;
}

std::vector<Row> rows(const Group& group) {
  Row row = row_of(group, ours);
  for (std::size_t i = first_peer; i < group.contenders.size(); ++i) {
    const std::string& name = group.contenders[i].name;
    (name == "Eigen" ? row.eigen : (name == "OpenBLAS" ? row.openblas : row.blis)) =
        gigaflops(flop_rate(group, i));
  }
  if (group.contenders.size() > first_peer) {
    row.ratio = soap::fixed(against_best_peer(group), 2) + " of " + group.contenders[best_peer(group)].name;
  }
  return {row};
}

void add_product(Groups& groups, const std::string& kind, Product product, const Shape& shape, int threads) {
  const double flops = 2.0 * shape.out * shape.in * shape.batch;
  std::vector<Contender> contenders{peak_contender(threads), {.name = "soap", .flops = flops}};
  for (const Blas& blas : blas_libraries())
    if (blas.sgemm != nullptr) contenders.push_back({.name = blas.name, .flops = flops});
  groups.push_back(std::make_unique<Group>(Group{
      .name = kind + '/' + name_of(product) + '/' + to_text(shape),
      .title = kind + ' ' + (kind == "gemm" ? name_of(product) + std::string(" ") : "") + to_text(shape),
      .threads = threads,
      .contenders = std::move(contenders),
      .make = [=] { return make(product, shape, threads); },
      .rows = rows}));
}

}  // namespace

void add_gemm(Groups& groups, const Scope& scope) {
  for (const int size : scope.quick ? std::vector<int>{256} : std::vector<int>{512, 1024, 2048})
    add_product(groups, "square gemm", Product::forward, {size, size, size}, scope.all_threads);
  std::vector<Shape> shapes{{256, 784, 64}};
  if (!scope.quick) {
    shapes.insert(shapes.end(), {{512, 784, 128}, {512, 512, 128}, {1024, 1024, 256}, {100, 784, 64}});
  }
  for (const Shape& shape : shapes) {
    for (const auto product : {Product::forward, Product::weight_gradient, Product::input_gradient}) {
      for (const int threads : thread_counts(scope)) add_product(groups, "gemm", product, shape, threads);
    }
  }
}

std::string gemm_summary(const Groups& groups) {
  double logarithms = 0;
  int count = 0;
  double least = std::numeric_limits<double>::infinity();
  std::string where;
  for (const auto& group : groups) {
    if (!group->name.starts_with("gemm/") || group->seconds.empty()) continue;
    const double ratio = against_best_peer(*group);
    if (ratio == 0) continue;
    ++count;
    logarithms += std::log(ratio);
    if (ratio < least) {
      least = ratio;
      where = group->title + " on " + std::to_string(group->threads) +
              (group->threads > 1 ? " threads" : " thread");
    }
  }
  if (count == 0) return "";
  return "gemm: " + soap::fixed(std::exp(logarithms / count), 2) +
         " times the best of the others (geometric mean of " + std::to_string(count) + "), least " +
         soap::fixed(least, 2) + " (" + where + ")\n";
}

}  // namespace bench
