#include "soap/testing/rule_laws.hpp"

#include <algorithm>
#include <cstring>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <stdexcept>
#include <utility>

#include "soap/data/dataset.hpp"
#include "soap/feedback/registry.hpp"
#include "soap/learn/step_registry.hpp"
#include "soap/linalg/threads.hpp"
#include "soap/nn/activation.hpp"
#include "soap/nn/loss.hpp"
#include "soap/nn/network.hpp"
#include "soap/nn/optimizer.hpp"

namespace soap::inline SOAP_ABI {

namespace {

Matrix random_matrix(Index rows, Index cols, std::uint64_t seed) {
  Rng rng(seed, "rule laws");
  return Matrix::NullaryExpr(rows, cols, [&] { return static_cast<Scalar>(rng.normal()); });
}

bool same_bits(const Matrix& a, const Matrix& b) {
  const auto bytes = static_cast<std::size_t>(a.size()) * sizeof(Scalar);
  return a.rows() == b.rows() && a.cols() == b.cols() &&
         (bytes == 0 || std::memcmp(a.data(), b.data(), bytes) == 0);
}

class ThreadCount {
 public:
  explicit ThreadCount(int count) : before_(usable_threads()) { set_threads(count); }
  ~ThreadCount() { set_threads(before_); }
  ThreadCount(const ThreadCount&) = delete;
  ThreadCount& operator=(const ThreadCount&) = delete;

 private:
  int before_;
};

// The state of a feedback by value.
class SavedState final : public StateVisitor {
 public:
  explicit SavedState(Feedback& feedback) { feedback.visit_state(*this); }
  void matrix(std::string_view name, Ref value) override { matrices[std::string(name)] = value; }
  void counter(std::string_view name, std::int64_t& value) override { counters[std::string(name)] = value; }

  std::map<std::string, Matrix> matrices;
  std::map<std::string, std::int64_t> counters;
};

// Puts saved state, or one matrix of it, into a feedback.
class StateWriter final : public StateVisitor {
 public:
  explicit StateWriter(const SavedState& state) : matrices_(state.matrices), counters_(state.counters) {}
  StateWriter(const std::string& name, Matrix value) : matrices_{{name, std::move(value)}} {}
  void matrix(std::string_view name, Ref value) override {
    const auto found = matrices_.find(std::string(name));
    if (found == matrices_.end()) return;
    const Matrix& written = found->second;
    if (written.rows() == value.rows() && written.cols() == value.cols()) {
      value = written;
    } else {
      fits_ = false;
    }
  }
  void counter(std::string_view name, std::int64_t& value) override {
    const auto found = counters_.find(std::string(name));
    if (found != counters_.end()) value = found->second;
  }
  /// Whether every matrix had the shape of what it was put into.
  [[nodiscard]] bool fits() const { return fits_; }

 private:
  std::map<std::string, Matrix> matrices_;
  std::map<std::string, std::int64_t> counters_;
  bool fits_ = true;
};

constexpr Index n_out = 4;
constexpr std::int64_t examples_seen = 100'000;  // beyond the first refresh of rules that have periods

// A feedback on one edge, after one step has begun.
class Edge {
 public:
  Edge(std::string rule, Index in, Index out)
      : W_(random_matrix(out, in, 1)), rule_(std::move(rule)), feedback_(make(5)) {
    feedback_->before_step(W_, examples_seen);
  }

  [[nodiscard]] const Matrix& W() const { return W_; }
  [[nodiscard]] Feedback& feedback() { return *feedback_; }
  [[nodiscard]] std::unique_ptr<Feedback> make(std::uint64_t seed) const {
    auto made = make_feedback(rule_);
    Rng rng(seed, "feedback");
    made->initialize({.in = W_.cols(), .out = W_.rows(), .n_out = n_out}, rng);
    return made;
  }

  // What stands in the place of the transpose of W.
  [[nodiscard]] Matrix matrix() const { return feedback_->way(W_).matrix.copy(); }

 private:
  Matrix W_;
  std::string rule_;
  std::unique_ptr<Feedback> feedback_;
};

using Report = std::function<void(bool obeyed, const std::string& law)>;
using PlacedReport = std::function<void(bool obeyed, const std::string& law, const std::string& place)>;

bool has_shape(const Edge& edge, const Way& way) {
  const Index cols = way.carries == Carries::delta ? edge.W().rows() : n_out;
  return way.matrix.rows() == edge.W().cols() && way.matrix.cols() == cols;
}

void check_repetition(Edge& edge, const Report& report) {
  const Matrix matrix = edge.matrix();
  report(same_bits(edge.matrix(), matrix), "does not say the same matrix when asked again");
  const auto twin = [&](int threads) {
    const ThreadCount count(threads);
    const auto made = edge.make(5);
    made->before_step(edge.W(), examples_seen);
    return made->way(edge.W()).matrix.copy();
  };
  report(same_bits(twin(1), matrix), "does not say the same matrix from the same random stream");
  report(same_bits(twin(3), twin(1)), "does not say the same matrix on three threads");
}

void check_state(Edge& edge, const Report& report) {
  const auto heir = edge.make(6);
  StateWriter writer{SavedState(edge.feedback())};
  heir->visit_state(writer);
  report(writer.fits(), "shows state of another shape than it stores");
  // At once, and after another refresh of rules that have periods.
  for (const std::int64_t examples : {examples_seen + 1, 2 * examples_seen}) {
    const Matrix W = random_matrix(edge.W().rows(), edge.W().cols(), static_cast<std::uint64_t>(examples));
    for (Feedback* feedback : {heir.get(), &edge.feedback()}) feedback->before_step(W, examples);
    report(same_bits(heir->way(W).matrix.copy(), edge.feedback().way(W).matrix.copy()),
           "does not show its whole state: one that is given it goes on differently");
  }
}

void check_backpropagation(Edge& edge, const Report& report) {
  const SavedState state(edge.feedback());
  const Carries carries = edge.feedback().way(edge.W()).carries;
  // A rule that carries targets never is: it knows no error.
  const bool top = edge.W().rows() == n_out && carries == Carries::output_error;
  for (const std::string name : {"B", "direct_B"}) {
    if (!state.matrices.contains(name) || (name == "direct_B" && !top)) continue;
    StateWriter writer(name, edge.W().transpose());
    edge.feedback().visit_state(writer);
    report(writer.fits(), "stores a " + name + " that does not have the shape of the transpose of W");
    if (!writer.fits()) continue;
    report((carries == Carries::delta || top) && same_bits(edge.matrix(), edge.W().transpose()),
           "is not backpropagation bit for bit when " + name + " is the transpose of W");
  }
}

void check_transport(Edge& edge, const Report& report) {
  const auto bits = edge.feedback().transported_bits(edge.W(), 1);
  if (!bits) return;
  const auto more = edge.feedback().transported_bits(edge.W(), 2);
  report(*bits >= 0 && more && *more >= *bits,
         "says that fewer bits of W have crossed over as steps are taken");
  if (*bits > 0) return;
  const Matrix unreadable =
      Matrix::Constant(edge.W().rows(), edge.W().cols(), std::numeric_limits<Scalar>::quiet_NaN());
  report(same_bits(edge.feedback().way(unreadable).matrix.copy(), edge.matrix()),
         "says that no bits of W have crossed over, but takes its matrix from W");
}

void check_edge(Edge edge, const Report& report) {
  const Way way = edge.feedback().way(edge.W());
  report(has_shape(edge, way), "says a matrix that does not fit the edge");
  if (!has_shape(edge, way)) return;
  const Matrix matrix = way.matrix.copy();
  report(matrix.allFinite(), "says a matrix that is not finite");
  if (!matrix.allFinite()) return;
  report(!matrix.isZero(0), "says a matrix of nothing but zeros");
  check_repetition(edge, report);
  check_transport(edge, report);
  check_state(edge, report);
  check_backpropagation(edge, report);
}

void check_edges(const std::string& rule, const PlacedReport& report) {
  const Index shapes[][2] = {{n_out, 9}, {9, 7}, {10, 16}, {33, 70}, {200, 300}};
  for (const auto& [out, in] : shapes) {
    const std::string place = "units below " + std::to_string(in) + ", above " + std::to_string(out);
    const Report here = [&](bool obeyed, const std::string& law) { report(obeyed, law, place); };
    try {
      check_edge(Edge(rule, in, out), here);
    } catch (const std::invalid_argument& error) {
      here(false, "cannot serve an edge: " + std::string(error.what()));
    }
  }
}

struct Setting {
  std::vector<Index> sizes;
  std::string activation = "tanh";
  std::string optimizer = "sgd";
};

std::vector<Setting> settings() {
  std::vector<Setting> all = {{.sizes = {9, 4}}, {.sizes = {9, 16, 4}}, {.sizes = {9, 16, 12, 14, 4}}};
  const std::vector<Index> deep = {9, 16, 12, 4};
  for (const auto& activation : activation_names()) all.push_back({.sizes = deep, .activation = activation});
  for (const auto& optimizer : optimizer_names()) all.push_back({.sizes = deep, .optimizer = optimizer});
  all.push_back({.sizes = deep, .optimizer = "sgd:momentum=0.9"});
  all.push_back({.sizes = {300, 200, 200, 4}});  // large enough for several threads
  return all;
}

// The parameters before and after a few training steps.
struct Trained {
  std::vector<std::string> names;
  std::vector<Matrix> before;
  std::vector<Matrix> after;
};

Trained train(const std::string& rule, const Setting& setting) {
  constexpr Index batch_size = 8;
  const Index outputs = setting.sizes.back();
  Learning learning = make_learning(rule, "backward");
  Network network =
      mlp(setting.sizes, {.rule = learning.feedback, .activation = setting.activation, .seed = 3});
  Trained trained;
  network.visit_parameters([&](std::string_view name, Ref value) {
    trained.names.emplace_back(name);
    trained.before.emplace_back(value);
  });
  const auto optimizer = make_optimizer(setting.optimizer, 0.01);
  optimizer->attach(network);
  learning.step->prepare(network, batch_size, 3);
  const SoftmaxCrossEntropy loss;
  Batch batch;
  batch.reserve(setting.sizes.front(), outputs, batch_size);
  for (int i = 0; i < 3; ++i) {
    batch.resize(batch_size - i);
    batch.inputs() = random_matrix(setting.sizes.front(), batch.size(), 10 + static_cast<std::uint64_t>(i));
    for (Index j = 0; j < batch.size(); ++j) batch.set_label(j, static_cast<std::int32_t>((i + j) % outputs));
    learning.step->run(batch, {network, loss, *optimizer, batch_size * i, 1});
  }
  network.visit_parameters([&](std::string_view, Ref value) { trained.after.emplace_back(value); });
  return trained;
}

void check_training(const std::string& rule, const PlacedReport& report) {
  for (const Setting& setting : settings()) {
    const std::string place = std::to_string(setting.sizes.size() - 2) + " hidden layers, " +
                              setting.activation + ", " + setting.optimizer;
    Trained trained;
    try {
      trained = train(rule, setting);
    } catch (const std::logic_error& error) {
      report(false, "cannot train: " + std::string(error.what()), place);
      continue;
    }
    for (std::size_t i = 0; i < trained.names.size(); ++i) {
      report(trained.after[i].allFinite(), "makes " + trained.names[i] + " infinite or NaN", place);
      report(!same_bits(trained.after[i], trained.before[i]), "does not move " + trained.names[i], place);
    }
    const auto same_as = [&](const Trained& other) {
      return std::equal(trained.after.begin(), trained.after.end(), other.after.begin(), same_bits);
    };
    report(same_as(train(rule, setting)), "does not train to the same bits when repeated", place);
    const ThreadCount threads(3);
    report(same_as(train(rule, setting)), "does not train to the same bits on three threads", place);
  }
}

}  // namespace

std::vector<std::string> testing::broken_rule_laws(const std::string& rule) {
  std::vector<std::string> laws;
  std::vector<std::string> broken;
  const PlacedReport report = [&](bool obeyed, const std::string& law, const std::string& place) {
    if (obeyed || std::find(laws.begin(), laws.end(), law) != laws.end()) return;
    laws.push_back(law);
    broken.push_back("rule '" + rule + "' " + law + " (" + place + ")");
  };
  make_learning(rule, "backward");  // throws where there is no such rule
  if (!is_step(rule)) check_edges(rule, report);
  check_training(rule, report);
  return broken;
}

}  // namespace soap::inline SOAP_ABI
