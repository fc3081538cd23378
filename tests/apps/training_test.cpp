// What a run of mnist_train leaves behind, and that it leaves the same again.

#include <algorithm>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "soap/io/csv.hpp"

#include "tests/apps/mnist_train.hpp"

using test::lines_of;
using test::names_in;
using test::Outcome;
using test::small;
using test::Words;
using test::Workshop;
using test::operator+;

namespace {

const Words run_files = {"comparison.csv", "config.json", "curves.png", "metrics.csv", "summary.csv"};

// metrics.csv without its last column, the seconds.
std::vector<std::string> measured(const std::string& metrics) {
  auto lines = lines_of(metrics);
  for (auto& line : lines) line.erase(line.rfind(','));
  return lines;
}

std::vector<std::string> rows_of(const std::vector<std::string>& lines, const std::string& rule) {
  std::vector<std::string> rows;
  for (const auto& line : lines) {
    if (line.starts_with(rule + ",")) rows.push_back(line);
  }
  return rows;
}

std::vector<std::string> train(const Words& flags) {
  const Workshop workshop;
  const Outcome outcome = workshop.run(flags + Words{"--out", "o"});
  REQUIRE(outcome.status == 0);
  return measured(workshop.read("o/metrics.csv"));
}

}  // namespace

TEST_CASE("a run leaves four files with the columns of the design, and prints the table") {
  const Workshop workshop;
  const Outcome outcome =
      workshop.run({"--data", "synthetic:train=2000:test=500", "--hidden", "16", "--epochs", "2", "--rules",
                    "bp,fa,sign:period=500:scale=norm", "--seeds", "2,5", "--lr", "0.1", "--log-interval",
                    "10", "--out", "a/o"});
  CHECK(outcome.status == 0);
  CHECK(names_in(workshop.folder()) == Words{"a"});
  CHECK(names_in(workshop.folder() / "a/o") == run_files);

  const auto metrics = soap::read_csv(workshop.folder() / "a/o/metrics.csv");
  CHECK(metrics.header() == Words{"rule", "step_kind", "lr", "seed", "epoch", "step", "examples",
                                  "train_loss", "test_loss", "test_accuracy", "seconds"});
  const auto comparison = soap::read_csv(workshop.folder() / "a/o/comparison.csv");
  CHECK(comparison.text(0, comparison.column("measured_on")) == "test");
  CHECK(comparison.number(0, comparison.column("accuracy")));
  const auto summary = soap::read_csv(workshop.folder() / "a/o/summary.csv");
  CHECK(summary.header() == Words{"rule", "step_kind", "lr", "seed", "epochs", "status", "final_train_loss",
                                  "test_loss", "test_accuracy", "examples_per_second", "message"});

  // 2000 examples are 31 batches of 64 and one of 16; a row every 10 steps and at each epoch's end.
  const std::vector<int> steps = {10, 20, 30, 32, 40, 50, 60, 64};
  const Words rules = {"bp", "fa", "sign:period=500:scale=norm"};
  REQUIRE(summary.rows() == 6);
  REQUIRE(metrics.rows() == 6 * steps.size());
  for (std::size_t run = 0; run < 6; ++run) {
    CAPTURE(run);
    CHECK(summary.text(run, 0) == rules[run % 3]);
    CHECK(summary.text(run, 1) == "backward");
    CHECK(summary.number(run, 2) == 0.1);
    CHECK(summary.number(run, 3) == (run < 3 ? 2 : 5));
    CHECK(summary.number(run, 4) == 2);
    CHECK(summary.text(run, 5) == "finished");
    for (std::size_t i = 0; i < steps.size(); ++i) {
      const std::size_t row = run * steps.size() + i;
      for (const std::size_t column : {0, 1, 2, 3})
        CHECK(metrics.text(row, column) == summary.text(run, column));
      CHECK(metrics.number(row, 4) == (i < 4 ? 1 : 2));
      CHECK(metrics.number(row, 5) == steps[i]);
      // An epoch of 2000 has 16 batches of 63 and 16 of 62.
      const auto seen = [](auto step) { return 62 * step + std::min<decltype(step)>(step, 16); };
      CHECK(metrics.number(row, 6) == (steps[i] <= 32 ? seen(steps[i]) : 2000 + seen(steps[i] - 32)));
      CHECK(metrics.number(row, 7).value() > 0);
      CHECK(metrics.number(row, 8).has_value() == (i == 3 || i == 7));
      CHECK(metrics.number(row, 9).has_value() == (i == 3 || i == 7));
    }
    const std::size_t last = (run + 1) * steps.size() - 1;
    CHECK(summary.text(run, 7) == metrics.text(last, 8));
    CHECK(summary.text(run, 8) == metrics.text(last, 9));
    CHECK(summary.number(run, 9).value() > 0);
  }

  const auto config = nlohmann::json::parse(workshop.read("a/o/config.json"));
  CHECK(config.at("trials").size() == 6);
  CHECK(config.at("trials").at(4).at("rule") == "fa");
  CHECK(config.at("trials").at(4).at("seed") == 5);
  CHECK(config.at("command").back() == "a/o");
  CHECK(workshop.read("a/o/curves.png").starts_with("\x89PNG\r\n"));

  // The last lines: the table with a row a rule, a blank line and what the figures are.
  const auto out = lines_of(outcome.out);
  REQUIRE(out.size() > 6);
  CHECK(out[0] == "data: synthetic digits, seed 1, 2,000 training and 500 test images");
  CHECK(out[1].starts_with("784-16-10 tanh, sgd, lr 0.1, batch 64, epochs 2: 3 rules x 2 seeds"));
  for (const auto& line : out) CHECK(line.size() <= 82);  // one of them has a plus-minus sign
  const auto starts = [&](const std::string& start) {
    return std::any_of(out.begin(), out.end(), [&](const auto& line) { return line.starts_with(start); });
  };
  CHECK(starts("rule "));
  CHECK(starts("bp "));
  CHECK(starts("fa "));
  CHECK(starts("sign"));
  CHECK(out.back().ends_with("results in a/o"));
  // One line an epoch of each run.
  CHECK(lines_of(outcome.err).size() == 12);
}

TEST_CASE("the same bits come from one thread, from two, and again, and bp's whether or not others train") {
  const Words flags = small + Words{"--seeds", "2", "--lr", "0.1", "--epochs", "2", "--log-interval", "10"};
  const Words together = flags + Words{"--rules", "fa,bp,sign:period=500"};
  const auto first = train(together + Words{"--threads", "1"});
  CHECK(first.size() == 1 + 6 * 8);
  CHECK(train(together + Words{"--threads", "2"}) == first);
  CHECK(train(together + Words{"--threads", "2"}) == first);

  const auto bp = rows_of(first, "bp");
  CHECK(bp.size() == 16);
  CHECK(rows_of(train(flags + Words{"--rules", "bp"}), "bp") == bp);
  CHECK(rows_of(first, "fa") != bp);
}

TEST_CASE("--diagnostics leaves samples in the order of the runs, a picture, and the same training") {
  const Words flags =
      small + Words{"--seeds", "2", "--lr", "0.1", "--log-interval", "10", "--rules", "fa,bp"};
  const Workshop workshop;
  const auto run = [&](const std::string& threads) {
    const Words more = {"--diagnostics", "20", "--threads", threads, "--overwrite", "--out", "o"};
    REQUIRE(workshop.run(flags + more).status == 0);
    return workshop.read("o/diagnostics.csv");
  };
  const std::string samples = run("2");
  CHECK(run("1") == samples);
  CHECK(names_in(workshop.folder() / "o") == Words{"comparison.csv", "config.json", "curves.png",
                                                   "diagnostics.csv", "diagnostics.png", "metrics.csv",
                                                   "summary.csv"});
  CHECK(measured(workshop.read("o/metrics.csv")) == train(flags));
  CHECK(workshop.read("o/diagnostics.png").starts_with("\x89PNG\r\n"));
  const auto config = nlohmann::json::parse(workshop.read("o/config.json"));
  CHECK(config.at("trials").at(0).at("diagnostics_interval") == 20);

  // Steps 1, 20 and the last, 32, each with two layers and the whole network.
  const auto table = soap::read_csv(workshop.folder() / "o/diagnostics.csv");
  REQUIRE(table.rows() == 4 * 3 * 3);
  const Words rules = {"fa", "bp", "fa", "bp"};
  for (std::size_t i = 0; i < 4; ++i) {
    CHECK(table.text(9 * i, 0) == rules[i]);
    CHECK(table.number(9 * i, table.column("seed")) == (i < 2 ? 1 : 2));
    CHECK(table.number(9 * i, table.column("step")) == 1);
    CHECK(table.number(9 * i + 3, table.column("step")) == 20);
    const double angle = table.number(9 * i + 4, table.column("feedback_angle")).value();
    CHECK((rules[i] == "bp" ? angle == 0 : angle > 20));
  }

  // Without the flag the samples of the earlier run do not stay.
  REQUIRE(workshop.run(flags + Words{"--overwrite", "--out", "o"}).status == 0);
  CHECK(names_in(workshop.folder() / "o") == run_files);
}

TEST_CASE("one run has the same bits on several threads") {
  const Words flags = small + Words{"--log-interval",  "10",     "--hidden", "100x30", "--rules",
                                    "sign:period=500", "--seed", "3"};
  const auto one = train(flags + Words{"--threads", "1"});
  CHECK(one.size() == 1 + 4);
  CHECK(train(flags + Words{"--threads", "2"}) == one);
  CHECK(train(flags + Words{"--threads", "5"}) == one);
}

TEST_CASE("without --out each run gets a folder under runs, and --seed alone means that seed") {
  const Workshop workshop;
  const Outcome outcome = workshop.run(small + Words{"--rules", "bp", "--seed", "7"});
  CHECK(outcome.status == 0);
  REQUIRE(names_in(workshop.folder()) == Words{"runs"});
  const auto runs = names_in(workshop.folder() / "runs");
  REQUIRE(runs.size() == 1);
  CHECK(runs.front().starts_with("mnist-2"));
  CHECK(names_in(workshop.folder() / "runs" / runs.front()) == run_files);
  CHECK(outcome.out.find("epochs 1: 1 rule x 1 seed\n") != std::string::npos);
  CHECK(lines_of(workshop.read("runs/" + runs.front() + "/summary.csv"))
            .at(1)
            .starts_with("bp,backward,0.01,7,1,finished,"));
}

TEST_CASE("a run directory that exists is refused, and replaced with --overwrite") {
  const Workshop workshop;
  const Words flags = small + Words{"--rules", "bp", "--seeds", "1", "--out", "o"};
  REQUIRE(workshop.run(flags).status == 0);
  const auto before = workshop.read("o/metrics.csv");
  const Words refusals[] = {{}, {"--overwrite=false"}};
  for (const auto& more : refusals) {
    const Outcome refused = workshop.run(flags + Words{"--lr", "0.2"} + more);
    CHECK(refused.status == 2);
    CHECK(refused.err == "mnist_train: run directory 'o' exists, expected a new name (or --overwrite)\n");
    CHECK(workshop.read("o/metrics.csv") == before);
  }

  std::ofstream(workshop.folder() / "o/notes.txt") << "mine";
  std::ofstream(workshop.folder() / "o/curves.png") << "an old picture";
  CHECK(workshop.run(flags + Words{"--lr", "0.2", "--overwrite"}).status == 0);
  CHECK(names_in(workshop.folder() / "o") ==
        Words{"comparison.csv", "config.json", "curves.png", "metrics.csv", "notes.txt", "summary.csv"});
  CHECK(workshop.read("o/notes.txt") == "mine");
  CHECK(workshop.read("o/curves.png").starts_with("\x89PNG\r\n"));
  for (const auto& row : lines_of(workshop.read("o/metrics.csv")))
    CHECK((row.starts_with("rule,") || row.starts_with("bp,backward,0.2,1,")));
  CHECK(lines_of(workshop.read("o/summary.csv")).size() == 2);
}

TEST_CASE("--dry-run prints the configuration and writes nothing") {
  const Workshop workshop;
  const Outcome outcome = workshop.run(
      small + Words{"--rules", "bp,fa", "--seeds", "4", "--momentum", "0.9", "--dry-run", "--out", "o"});
  CHECK(outcome.status == 0);
  CHECK(outcome.err.empty());
  CHECK(names_in(workshop.folder()).empty());
  const auto config = nlohmann::json::parse(outcome.out);
  REQUIRE(config.at("trials").size() == 8);
  const auto& last = config.at("trials").at(7);
  CHECK(last.at("rule") == "fa");
  CHECK(last.at("seed") == 4);
  CHECK(last.at("optimizer") == "sgd:momentum=0.9");
  CHECK(last.at("hidden") == std::vector<int>{16});
}

TEST_CASE("a command line that is not UTF-8 does not harm config.json") {
  const Workshop workshop;
  const Words flags = {"--rules", "bp", "--seeds", "1", "--out", "caf\xe9"};
  CHECK(workshop.run(small + flags).status == 0);
  const auto config = nlohmann::json::parse(workshop.read("caf\xe9/config.json"));
  CHECK(config.at("command").back().at("text") == "caf\\xe9");
  CHECK(config.at("command").back().at("bytes") == "636166e9");
}
