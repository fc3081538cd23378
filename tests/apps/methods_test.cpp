// Rules and steps in all their combinations, as mnist_train runs them.
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

std::string complaint(const Words& flags) {
  const Workshop workshop;
  const Outcome outcome = workshop.run(small + Words{"--out", "o"} + flags);
  CHECK(outcome.status == 2);
  CHECK(names_in(workshop.folder()).empty());
  REQUIRE(lines_of(outcome.err).size() == 1);
  return lines_of(outcome.err).front();
}

}  // namespace

TEST_CASE("every rule of the family trains by name, and the table has a row for each") {
  const std::string rules =
      "bp,fa,sign:period=500,dfa,usf,brsf,frsf,kp,wm,drtp,sparse,lowrank,noisy,delayed,pepita,dtp";
  const Workshop workshop;
  const Outcome outcome =
      workshop.run({"--data", "synthetic:train=4000:test=500", "--hidden", "32", "--epochs", "3", "--rules",
                    rules, "--seeds", "1", "--lr", "0.2", "--weight-decay", "0.001", "--out", "o"});
  CHECK(outcome.status == 0);
  const auto summary = soap::read_csv(workshop.folder() / "o/summary.csv");
  REQUIRE(summary.rows() == 16);
  for (std::size_t row = 0; row < summary.rows(); ++row) {
    CAPTURE(summary.text(row, 0));
    CHECK(summary.text(row, summary.column("status")) == "finished");
    // A tenth is chance.
    CHECK(summary.number(row, summary.column("test_accuracy")).value() > 0.6);
  }
}

TEST_CASE("without --lr each rule and optimizer has its usual rate, and with it all have the one given") {
  const Workshop workshop;
  const auto rates = [&](const Words& flags) {
    const Outcome outcome = workshop.run(
        small + Words{"--rules", "bp,pepita", "--seeds", "1", "--out", "o", "--overwrite"} + flags);
    CHECK(outcome.status == 0);
    const auto summary = soap::read_csv(workshop.folder() / "o/summary.csv");
    return std::pair(lines_of(outcome.out).at(1), Words{std::string(summary.text(0, summary.column("lr"))),
                                                        std::string(summary.text(1, summary.column("lr")))});
  };
  const auto usual = rates({});
  CHECK(usual.first.find("sgd, lr 0.01 (pepita 1), batch") != std::string::npos);
  CHECK(usual.second == Words{"0.01", "1"});
  CHECK(rates({"--optimizer", "adam"}).second == Words{"0.001", "0.001"});
  CHECK(rates({"--optimizer", "rmsprop:smoothing=0.9"}).second == Words{"0.001", "0.001"});
  const auto given = rates({"--lr", "0.05"});
  CHECK(given.first.find("sgd, lr 0.05, batch") != std::string::npos);
  CHECK(given.second == Words{"0.05", "0.05"});
  CHECK(workshop.run({"--help"}).out.find("rmsprop: 0.001; pepita: 1") != std::string::npos);
}

TEST_CASE("each rule runs under each step, and a rule that is a step by itself runs once") {
  const Workshop workshop;
  const Outcome outcome = workshop.run(
      small + Words{"--rules", "bp,pepita,fa", "--step", "backward,soap:lr=2", "--seeds", "2", "--out", "o"});
  CHECK(outcome.status == 0);
  CHECK(outcome.out.find("5 methods x 2 seeds") != std::string::npos);
  const auto summary = soap::read_csv(workshop.folder() / "o/summary.csv");
  const std::vector<std::pair<std::string, std::string>> expected = {
      {"bp", "backward"}, {"pepita", "pepita"}, {"fa", "backward"}, {"bp", "soap:lr=2"}, {"fa", "soap:lr=2"}};
  REQUIRE(summary.rows() == 10);
  for (std::size_t row = 0; row < summary.rows(); ++row) {
    CHECK(summary.text(row, 0) == expected[row % 5].first);
    CHECK(summary.text(row, 1) == expected[row % 5].second);
  }
  const auto config = nlohmann::json::parse(workshop.read("o/config.json"));
  CHECK(config.at("trials").at(1).at("step_kind") == "pepita");
  CHECK(config.at("trials").at(3).at("step_kind") == "soap:lr=2");
}

TEST_CASE("rules for single hidden layers read from below") {
  const Workshop workshop;
  const Words flags = {"--rules", "bp/bp,bp,fa/bp", "--hidden", "16x12", "--seeds", "1", "--out", "o"};
  CHECK(workshop.run(small + flags).status == 0);
  const auto summary = soap::read_csv(workshop.folder() / "o/summary.csv");
  REQUIRE(summary.rows() == 3);
  const auto loss = [&](std::size_t row) { return summary.text(row, summary.column("test_loss")); };
  CHECK(loss(0) == loss(1));
  CHECK(loss(0) != loss(2));
}

TEST_CASE("what cannot go together is refused with both names") {
  CHECK(complaint({"--rules", "pepita", "--step", "soap"}) ==
        "mnist_train: rule 'pepita' is a training step of its own: found it with the step 'soap', expected "
        "no other "
        "step");
  CHECK(complaint({"--rules", "bp/dtp", "--hidden", "16x12"}) ==
        "mnist_train: rule 'bp/dtp': 'dtp' is a training step of its own and cannot serve a single layer");
  CHECK(
      complaint({"--rules", "bp/fa"}) ==
      "mnist_train: rule 'bp/fa': found 2 rules for 1 hidden layers, expected one for each, or one for all");
  CHECK(complaint({"--rules", "bp,lowrank:rank=11"}) ==
        "mnist_train: rule 'lowrank:rank=11' cannot serve dense 16-10: rank 11 is above that of a feedback "
        "matrix of "
        "16x10, expected at most 10");
  CHECK(complaint({"--step", "soap", "--hidden", "none"}) ==
        "mnist_train: step 'soap': found a network of 1 weighted layers, expected at least 2: it perturbs "
        "hidden "
        "layers");
  CHECK(complaint({"--step", "sap"}) == "mnist_train: unknown step 'sap' (nearest: soap, backward)");
  CHECK(complaint({"--step", "soap,soap"}) ==
        "mnist_train: --step: found 'soap' twice, expected different values");
  CHECK(complaint({"--optimizer", "sgd:layers=1/2/3"}) ==
        "mnist_train: layers: found 3 factors of the learning rate, expected 2, one for each layer with "
        "parameters");
}

TEST_CASE("validation images stand in for the test set") {
  const Workshop workshop;
  const Outcome outcome =
      workshop.run(small + Words{"--rules", "bp", "--seeds", "1", "--validation", "500", "--out", "o"});
  CHECK(outcome.status == 0);
  const std::string words = test::unwrapped(outcome.out);
  CHECK(words.starts_with(
      "data: synthetic digits, seed 1, 2,000 training and 500 test images; of the training images 500 are "
      "held out and stand in for the test set "));
  const std::string table = words.substr(words.find("rule "));
  CHECK(table.find("validation") != std::string::npos);
  CHECK(table.find("test") == std::string::npos);
  CHECK(soap::read_csv(workshop.folder() / "o/metrics.csv").rows() == 24);  // 1500 examples in batches of 64
  CHECK(complaint({"--validation", "2000"}) ==
        "mnist_train: --validation: found 2000, expected fewer than the 2,000 training images");
  CHECK(complaint({"--validation", "0"}) ==
        "mnist_train: --validation: found '0', expected an integer of at least 1");
}
