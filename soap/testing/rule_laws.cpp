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
#include "soap/feedback/transpose.hpp"
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

// Up to the rounding of sums of a few hundred random numbers.
bool nearly_equal(const Matrix& a, const Matrix& b) {
  const Scalar scale = b.cwiseAbs().maxCoeff();
  return (a - b).cwiseAbs().maxCoeff() <= 500 * std::numeric_limits<Scalar>::epsilon() * scale;
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

// The signals that meet at an edge.
struct Signals {
  Matrix delta;
  Matrix output_error;
  Matrix targets;

  Matrix& carried(Carries carries) {
    if (carries == Carries::delta) return delta;
    return carries == Carries::output_error ? output_error : targets;
  }
};

constexpr Index n_out = 4;
constexpr std::int64_t examples_seen = 100'000;  // beyond the first refresh of rules that have periods

// A feedback on one edge, after one step has begun.
class Edge {
 public:
  Edge(std::string rule, Index in, Index out, Index batch)
      : W_(random_matrix(out, in, 1)),
        signals_{random_matrix(out, batch, 2), random_matrix(n_out, batch, 3),
                 random_matrix(n_out, batch, 4)},
        rule_(std::move(rule)),
        feedback_(make(5)) {
    feedback_->before_step(W_, examples_seen);
  }

  [[nodiscard]] const Matrix& W() const { return W_; }
  [[nodiscard]] const Signals& signals() const { return signals_; }
  [[nodiscard]] Feedback& feedback() { return *feedback_; }
  [[nodiscard]] std::unique_ptr<Feedback> make(std::uint64_t seed) const {
    auto made = make_feedback(rule_);
    Rng rng(seed, "feedback");
    made->initialize({.in = W_.cols(), .out = W_.rows(), .n_out = n_out}, rng);
    return made;
  }

  // What is sent; where an element is left unwritten, NaN.
  [[nodiscard]] Matrix sent(const Feedback& feedback, const Matrix& W, const Signals& signals) const {
    Matrix below = Matrix::Constant(W.cols(), signals.delta.cols(), std::numeric_limits<Scalar>::quiet_NaN());
    feedback.send_down(W, signals.delta, {signals.output_error, signals.targets}, below);
    return below;
  }
  [[nodiscard]] Matrix sent(const Signals& signals) const { return sent(*feedback_, W_, signals); }
  [[nodiscard]] Matrix sent() const { return sent(signals_); }

 private:
  Matrix W_;
  Signals signals_;
  std::string rule_;
  std::unique_ptr<Feedback> feedback_;
};

using Report = std::function<void(bool obeyed, const std::string& law)>;
using PlacedReport = std::function<void(bool obeyed, const std::string& law, const std::string& place)>;

void check_signals(const Edge& edge, Carries carries, const Report& report) {
  const Matrix sent = edge.sent();
  for (const Carries signal : {Carries::delta, Carries::output_error, Carries::targets}) {
    Signals other = edge.signals();
    Matrix& changed = other.carried(signal);
    changed = random_matrix(changed.rows(), changed.cols(), 6);
    if (signal != carries) {
      report(same_bits(edge.sent(other), sent), "depends on a signal that it does not say it carries");
      continue;
    }
    const Matrix expected = sent + Scalar(0.5) * edge.sent(other);
    Signals sum = edge.signals();
    sum.carried(signal) += Scalar(0.5) * changed;
    report(nearly_equal(edge.sent(sum), expected), "is not linear in the signal that it carries");
  }
}

void check_examples(Edge& edge, const Report& report) {
  // A rule that carries targets may divide them by the size of the batch, as losses do their error.
  if (edge.feedback().carries() == Carries::targets) return;
  const Signals& all = edge.signals();
  const Signals first{all.delta.leftCols(1), all.output_error.leftCols(1), all.targets.leftCols(1)};
  report(nearly_equal(edge.sent(first), edge.sent().leftCols(1)), "mixes the examples of a batch");
}

void check_repetition(Edge& edge, const Report& report) {
  const Matrix sent = edge.sent();
  report(same_bits(edge.sent(), sent), "does not send the same bits when asked again");
  const auto twin = [&](int threads) {
    const ThreadCount count(threads);
    const auto made = edge.make(5);
    made->before_step(edge.W(), examples_seen);
    return edge.sent(*made, edge.W(), edge.signals());
  };
  report(same_bits(twin(1), sent), "does not send the same bits from the same random stream");
  report(same_bits(twin(3), twin(1)), "does not send the same bits on three threads");
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
    report(same_bits(edge.sent(*heir, W, edge.signals()), edge.sent(edge.feedback(), W, edge.signals())),
           "does not show its whole state: one that is given it goes on differently");
  }
}

void check_backpropagation(Edge& edge, const Report& report) {
  const SavedState state(edge.feedback());
  // A rule that carries targets never is: it knows no error.
  const bool top = edge.W().rows() == n_out && edge.feedback().carries() == Carries::output_error;
  Signals signals = edge.signals();
  signals.output_error = top ? signals.delta : signals.output_error;
  for (const std::string name : {"B", "direct_B"}) {
    if (!state.matrices.contains(name) || (name == "direct_B" && !top)) continue;
    StateWriter writer(name, edge.W().transpose());
    edge.feedback().visit_state(writer);
    report(writer.fits(), "stores a " + name + " that does not have the shape of the transpose of W");
    if (!writer.fits()) continue;
    report(same_bits(edge.sent(signals), edge.sent(TransposeFeedback(), edge.W(), signals)),
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
  report(same_bits(edge.sent(edge.feedback(), unreadable, edge.signals()), edge.sent()),
         "says that no bits of W have crossed over, but reads W when it sends");
}

void check_edge(Edge edge, const Report& report) {
  const Matrix sent = edge.sent();
  report(sent.allFinite(), "leaves elements of the error below unwritten, or writes what is not finite");
  if (!sent.allFinite()) return;
  report(!sent.isZero(0), "sends nothing but zeros");
  check_examples(edge, report);
  check_signals(edge, edge.feedback().carries(), report);
  check_repetition(edge, report);
  check_transport(edge, report);
  check_state(edge, report);
  check_backpropagation(edge, report);
}

void check_edges(const std::string& rule, const PlacedReport& report) {
  const Index shapes[][3] = {{n_out, 9, 4}, {9, 7, 5}, {10, 16, 1}, {33, 70, 20}, {200, 300, 64}};
  for (const auto& [out, in, batch] : shapes) {
    const std::string place = "units below " + std::to_string(in) + ", above " + std::to_string(out);
    const Report here = [&](bool obeyed, const std::string& law) { report(obeyed, law, place); };
    try {
      check_edge(Edge(rule, in, out, batch), here);
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
    } catch (const std::invalid_argument& error) {
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
