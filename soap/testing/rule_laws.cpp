#include "soap/testing/rule_laws.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <memory>
#include <stdexcept>
#include <utility>

#include "soap/data/dataset.hpp"
#include "soap/feedback/registry.hpp"
#include "soap/learn/step_registry.hpp"
#include "soap/nn/activation.hpp"
#include "soap/nn/loss.hpp"
#include "soap/nn/mlp.hpp"
#include "soap/nn/network.hpp"
#include "soap/nn/optimizer.hpp"
#include "soap/testing/parts.hpp"

namespace soap {
inline namespace SOAP_ABI {

using namespace testing::detail;

namespace {

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

struct Method {
  std::string rule;
  std::string step;
};

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

constexpr Index batch_size = 8;

// The i-th batch, of 8 - i examples.
Batch batch_of(Index inputs, Index outputs, Index i) {
  Batch batch;
  batch.reserve(inputs, outputs, batch_size);
  batch.resize(batch_size - i);
  batch.inputs() = random_matrix(inputs, batch.size(), 10 + static_cast<std::uint64_t>(i));
  for (Index j = 0; j < batch.size(); ++j) batch.set_label(j, static_cast<std::int32_t>((i + j) % outputs));
  return batch;
}

Trained train(const Method& method, const Setting& setting) {
  Learning learning = make_learning(method.rule, method.step);
  Network network =
      mlp(setting.sizes, {.rule = learning.feedback, .activation = setting.activation, .seed = 3});
  Trained trained;
  network.visit_parameters([&](Parameter parameter) {
    trained.names.emplace_back(parameter.name);
    trained.before.emplace_back(parameter.value);
  });
  const auto optimizer = make_optimizer(setting.optimizer, 0.01);
  optimizer->attach(network);
  learning.step->prepare(network, batch_size, 3);
  const SoftmaxCrossEntropy loss;
  for (Index i = 0; i < 3; ++i) {
    learning.step->run(batch_of(setting.sizes.front(), setting.sizes.back(), i),
                       {network, loss, *optimizer, batch_size * i, 1});
  }
  network.visit_parameters([&](Parameter parameter) { trained.after.emplace_back(parameter.value); });
  return trained;
}

void check_training(const Method& method, const PlacedReport& report) {
  for (const Setting& setting : settings()) {
    const std::string place = std::to_string(setting.sizes.size() - 2) + " hidden layers, " +
                              setting.activation + ", " + setting.optimizer;
    Trained trained;
    try {
      trained = train(method, setting);
    } catch (const std::invalid_argument& error) {
      const bool hidden = setting.sizes.size() > 2;
      report(!hidden, "cannot train: " + std::string(error.what()), place);
      continue;
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
    report(same_as(train(method, setting)), "does not train to the same bits when repeated", place);
    const ThreadCount threads(3);
    report(same_as(train(method, setting)), "does not train to the same bits on three threads", place);
  }
}

// A network and what trains it, after a few steps.
class Run {
 public:
  Run(const Method& method, std::uint64_t seed, Index steps)
      : learning_(make_learning(method.rule, method.step)) {
    network_ = mlp({inputs, 16, 12, outputs}, {.rule = learning_.feedback, .seed = seed});
    optimizer_.attach(network_);
    // What it draws from the seed is drawn again where a run goes on.
    learning_.step->prepare(network_, batch_size, 5);
    for (Index i = 0; i < steps; ++i) step(batch_of(inputs, outputs, i));
  }

  double step(const Batch& batch) {
    const double loss = learning_.step->run(batch, {network_, loss_, optimizer_, examples_seen_, 1});
    examples_seen_ += batch.size();
    return loss;
  }
  [[nodiscard]] std::vector<Matrix> parameters() {
    std::vector<Matrix> values;
    network_.visit_parameters([&](Parameter parameter) { values.emplace_back(parameter.value); });
    return values;
  }
  /// Whether all that `other` shows had the shapes of what is here.
  bool take_state_of(Run& other) {
    const std::vector<Matrix> values = other.parameters();
    std::size_t i = 0;
    network_.visit_parameters([&](Parameter parameter) { parameter.value = values.at(i++); });
    examples_seen_ = other.examples_seen_;
    bool fits = true;
    const auto copy = [&](auto& from, auto& to) {
      StateWriter writer{SavedState(from)};
      to.visit_state(writer);
      fits = fits && writer.fits();
    };
    for (std::size_t l = 0; l < network_.depth(); ++l) {
      if (network_.layer(l).feedback() != nullptr)
        copy(*other.network_.layer(l).feedback(), *network_.layer(l).feedback());
    }
    copy(*other.learning_.step, *learning_.step);
    return fits;
  }
  [[nodiscard]] const Workspace* last_pass() const { return learning_.step->last_pass(); }
  [[nodiscard]] std::size_t depth() const { return network_.depth(); }

  static constexpr Index inputs = 9;
  static constexpr Index outputs = 4;

 private:
  Learning learning_;
  Network network_;
  Sgd optimizer_;
  SoftmaxCrossEntropy loss_;
  std::int64_t examples_seen_ = 0;
};

bool same_bits_in(const std::vector<Matrix>& a, const std::vector<Matrix>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const Matrix& x, const Matrix& y) { return same_bits(x, y); });
}

void check_step(const Method& method, const Report& report) {
  const Batch batch = batch_of(Run::inputs, Run::outputs, 2);
  Run run(method, 3, 2);
  Run heir(method, 4, 1);
  report(heir.take_state_of(run), "shows state of another shape than it stores");
  const double loss = run.step(batch);
  report(loss == heir.step(batch) && same_bits_in(run.parameters(), heir.parameters()),
         "does not show its whole state: a step that is given it goes on differently");

  if (const Workspace* pass = run.last_pass(); pass != nullptr) {
    bool fits = true;
    for (std::size_t l = 0; l < run.depth(); ++l)
      fits = fits && pass->error(l).cols() == batch.size() && pass->error(l).allFinite();
    report(fits, "shows a last pass whose errors are not those of the batch, or not finite");
  }

  const std::vector<Matrix> before = run.parameters();
  Batch endless = batch;
  endless.inputs()(2, 1) = std::numeric_limits<Scalar>::quiet_NaN();
  report(!std::isfinite(run.step(endless)), "hides a loss that is not finite");
  report(same_bits_in(run.parameters(), before), "updates parameters although the loss is not finite");
}

}  // namespace

std::vector<std::string> testing::broken_rule_laws(const std::string& rule, const std::string& step) {
  const Method method = {.rule = rule, .step = step};
  (void)make_learning(rule, step);  // throws where there is no such rule
  BrokenLaws broken("rule '" + rule + "'" + (step == "backward" ? "" : " with step '" + step + "'"));
  const PlacedReport report = broken.report();
  if (!is_step(rule)) check_edges(rule, report);
  check_training(method, report);
  try {
    check_step(method, [&](bool obeyed, const std::string& law) { report(obeyed, law, "2 hidden layers"); });
  } catch (const std::logic_error& error) {
    report(false, "cannot train: " + std::string(error.what()), "2 hidden layers");
  }
  return broken.sentences();
}

}  // namespace SOAP_ABI
}  // namespace soap
