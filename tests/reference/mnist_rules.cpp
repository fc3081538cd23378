// Every rule at its best learning rate on MNIST, as Markdown tables: 784-256-10 ("shallow") and
// 784-100-100-100-10 ("deep"), tanh, SGD with batches of 64 and a cosine schedule, Xavier-normal weights.
//
//   mnist_rules FOLDER OUT [RULE...]
//
// The learning rate is the one of a grid with the best accuracy on 10,000 validation images held out from the
// training set, one seed, 3 epochs; the grid grows where its best value lies at an edge. Then 5 seeds train
// 10 epochs on all training images, and the test set is read once. Each finished trial is a row of
// OUT/trials.csv: started again, the program runs what is missing. Without names all rules run. Exit status
// 77, "skipped", without a folder.
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "soap/base/text.hpp"
#include "soap/data/mnist.hpp"
#include "soap/diagnostics/measures.hpp"
#include "soap/feedback/feedback.hpp"
#include "soap/io/csv.hpp"
#include "soap/learn/step_registry.hpp"
#include "soap/linalg/threads.hpp"
#include "soap/statistics/moments.hpp"
#include "soap/trial/runner.hpp"

using namespace soap;

namespace {

constexpr Index validation_images = 10'000;
constexpr std::int64_t tuning_epochs = 3;
constexpr std::int64_t final_epochs = 10;
constexpr std::uint64_t final_seeds = 5;
constexpr double grid_factor = 3;

struct Net {
  std::string name;
  std::vector<Index> hidden;
};

const std::vector<Net> nets = {{"shallow", {256}}, {"deep", {100, 100, 100}}};

struct Rule {
  std::string text;
  double lr;  // where the grid begins, at its middle
  std::string optimizer = "sgd";
};

std::vector<Rule> rules() {
  return {
      {"bp", 0.3},
      {"fa", 0.3},
      {"dfa", 0.3},
      {"sign:scale=norm", 0.3},
      {"usf", 0.1},
      {"brsf", 0.1},
      {"frsf", 0.1},
      {"kp", 0.3, "sgd:weight_decay=0.0005"},
      {"bp", 0.3, "sgd:weight_decay=0.0005"},
      {"wm", 0.3},
      {"drtp", 0.03},
      {"sparse", 0.3},
      {"lowrank", 0.3},
      {"noisy", 0.3},
      {"delayed", 0.3},
      {"pepita", 0.1},
      {"dtp", 0.1},
  };
}

// The angle, in degrees, between the top layer's feedback and its transposed weights.
class TopAngle final : public Observer {
 public:
  explicit TopAngle(std::optional<double>& angle) : angle_(angle) {}

  void run_ended(const RunEnd& event) override {
    Layer& top = event.network.layer(event.network.depth() - 1);
    const Matrix& W = *top.weights();
    const Way way = top.feedback()->way(W);
    if (event.outcome != RunOutcome::ended || way.carries == Carries::targets) return;
    angle_ = angle(way.matrix.copy(), W.transpose());
  }

 private:
  std::optional<double>& angle_;
};

// What a finished trial leaves behind.
struct Row {
  std::string net;
  std::string phase;  // "tune" or "final"
  std::string rule;
  std::string optimizer;
  double lr = 0;
  std::uint64_t seed = 0;
  double accuracy = 0;  // 0 when the trial diverged
  std::string status = {};
  std::optional<double> angle =
      std::nullopt;  // between B and the transposed weights of the top layer, in degrees
};

std::string key(const Row& row) {
  return row.net + '|' + row.phase + '|' + row.rule + '|' + row.optimizer + '|' + to_text(row.lr) + '|' +
         std::to_string(row.seed);
}

class Ledger {
 public:
  explicit Ledger(const std::filesystem::path& folder) : path_(folder / "trials.csv") {
    std::filesystem::create_directories(folder);
    if (!std::filesystem::exists(path_)) {
      std::ofstream(path_) << "net,phase,rule,optimizer,lr,seed,accuracy,status,angle\n";
      return;
    }
    const CsvTable table = read_csv(path_);
    for (std::size_t i = 0; i < table.rows(); ++i) {
      const auto text = [&](const char* column) { return std::string(table.text(i, table.column(column))); };
      const auto number = [&](const char* column) { return table.number(i, table.column(column)); };
      const Row row{.net = text("net"),
                    .phase = text("phase"),
                    .rule = text("rule"),
                    .optimizer = text("optimizer"),
                    .lr = number("lr").value(),
                    .seed = static_cast<std::uint64_t>(number("seed").value()),
                    .accuracy = number("accuracy").value(),
                    .status = text("status"),
                    .angle = number("angle")};
      rows_[key(row)] = row;
    }
  }

  [[nodiscard]] const Row* find(const Row& wanted) const {
    const auto found = rows_.find(key(wanted));
    return found == rows_.end() ? nullptr : &found->second;
  }
  void add(const Row& row) {
    std::ofstream(path_, std::ios::app)
        << row.net << ',' << row.phase << ',' << csv_field(row.rule) << ',' << csv_field(row.optimizer) << ','
        << to_text(row.lr) << ',' << row.seed << ',' << to_text(row.accuracy) << ',' << row.status << ','
        << (row.angle ? to_text(*row.angle) : "") << '\n';
    rows_[key(row)] = row;
  }

 private:
  std::filesystem::path path_;
  std::map<std::string, Row> rows_;
};

TrialOptions trial_of(const Net& net, const Row& row) {
  return {.rule = row.rule,
          .hidden = net.hidden,
          .optimizer = row.optimizer,
          .lr = row.lr,
          .schedule = "cosine:final=0",
          .batch_size = 64,
          .epochs = row.phase == "tune" ? tuning_epochs : final_epochs,
          .seed = row.seed,
          .log_interval = 1000};
}

// Runs what the ledger does not hold yet.
void run(const Net& net, std::vector<Row> wanted, const TrainTest& data, Ledger& ledger) {
  std::erase_if(wanted, [&](const Row& row) { return ledger.find(row) != nullptr; });
  std::vector<TrialOptions> trials;
  for (const Row& row : wanted) trials.push_back(trial_of(net, row));
  std::vector<std::optional<double>> angles(wanted.size());
  std::size_t next = 0;
  run_trials(trials, data.train, data.test,
             {.threads = usable_threads(),
              .observe =
                  [&](std::size_t i) {
                    std::vector<std::unique_ptr<Observer>> observers;
                    if (!is_step(trials[i].rule)) observers.push_back(std::make_unique<TopAngle>(angles[i]));
                    return observers;
                  },
              .finished =
                  [&](const TrialResult& result) {
                    Row row = wanted[next];
                    row.status = to_text(result.status);
                    row.accuracy = result.test ? result.test->accuracy.value() : 0;
                    row.angle = angles[next++];
                    ledger.add(row);
                    std::cerr << net.name << ' ' << row.phase << ' ' << row.rule << " lr " << to_text(row.lr)
                              << " seed " << row.seed << ": " << fixed(100 * row.accuracy, 2) << " %\n";
                  }});
}

// Two digits: the names of the steps of a grid do not drift.
double rounded(double lr) {
  const double unit = std::pow(10, std::floor(std::log10(lr)) - 1);
  return parse_number("lr", fixed(std::round(lr / unit) * unit, 8));
}

double best_lr(const Net& net, const Rule& rule, const TrainTest& data, Ledger& ledger) {
  std::vector<double> grid;
  for (int i = -2; i <= 2; ++i) grid.push_back(rounded(rule.lr * std::pow(grid_factor, i)));
  const auto row_at = [&](double lr) {
    return Row{.net = net.name,
               .phase = "tune",
               .rule = rule.text,
               .optimizer = rule.optimizer,
               .lr = lr,
               .seed = 1};
  };
  while (true) {
    std::vector<Row> rows;
    for (const double lr : grid) rows.push_back(row_at(lr));
    run(net, rows, data, ledger);
    const auto accuracy = [&](double lr) { return ledger.find(row_at(lr))->accuracy; };
    const auto best = std::max_element(grid.begin(), grid.end(),
                                       [&](double a, double b) { return accuracy(a) < accuracy(b); });
    const double lr = *best;
    if (best == grid.begin()) {
      grid.insert(grid.begin(), rounded(lr / grid_factor));
    } else if (best + 1 == grid.end()) {
      grid.push_back(rounded(lr * grid_factor));
    } else {
      return lr;
    }
  }
}

std::vector<std::string> table_row(const Net& net, const Rule& rule, double lr, const Ledger& ledger) {
  std::vector<double> errors;
  std::vector<double> angles;
  std::size_t diverged = 0;
  for (std::uint64_t seed = 1; seed <= final_seeds; ++seed) {
    const Row* row = ledger.find({.net = net.name,
                                  .phase = "final",
                                  .rule = rule.text,
                                  .optimizer = rule.optimizer,
                                  .lr = lr,
                                  .seed = seed});
    if (row->status == "finished") {
      errors.push_back(100 * (1 - row->accuracy));
    } else {
      ++diverged;
    }
    if (row->angle) angles.push_back(*row->angle);
  }
  const auto spread = [](const std::vector<double>& values, int digits) {
    if (values.empty()) return std::string("-");
    const auto all = mean_and_deviation(values);
    return fixed(all.mean, digits) + " ± " + fixed(all.deviation, digits);
  };
  std::string error = spread(errors, 2);
  if (diverged > 0) error += " (" + std::to_string(diverged) + " diverged)";
  const std::string name =
      '`' + rule.text + '`' + (rule.optimizer == "sgd" ? "" : ", `" + rule.optimizer + '`');
  return {name, to_text(lr), error, spread(angles, 1)};
}

std::string markdown(const std::vector<std::string>& cells) { return "| " + join(cells, " | ") + " |\n"; }

int run_all(const std::filesystem::path& folder, const std::filesystem::path& out,
            const std::vector<std::string>& chosen) {
  const TrainTest data = read_mnist(folder);
  const TrainTest tuning = hold_out(data.train, validation_images);
  Ledger ledger(out);
  for (const Net& net : nets) {
    std::string table = markdown({"rule", "learning rate", "test error %", "angle of B, top layer"}) +
                        markdown({"---", "---:", "---:", "---:"});
    for (const Rule& rule : rules()) {
      if (!chosen.empty() && std::find(chosen.begin(), chosen.end(), rule.text) == chosen.end()) continue;
      const double lr = best_lr(net, rule, tuning, ledger);
      std::vector<Row> rows;
      for (std::uint64_t seed = 1; seed <= final_seeds; ++seed) {
        rows.push_back({.net = net.name,
                        .phase = "final",
                        .rule = rule.text,
                        .optimizer = rule.optimizer,
                        .lr = lr,
                        .seed = seed});
      }
      run(net, rows, data, ledger);
      table += markdown(table_row(net, rule, lr, ledger));
    }
    std::cout << "784-";
    for (const Index size : net.hidden) std::cout << size << '-';
    std::cout << "10\n\n" << table << '\n' << std::flush;
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3 || std::string(argv[1]).empty()) {
    std::cout << "skipped: no folder with MNIST\n";
    return 77;
  }
  return run_all(argv[1], argv[2], {argv + 3, argv + argc});
}
