#include "soap/io/diagnostics_csv.hpp"

#include <doctest/doctest.h>

#include "soap/base/error.hpp"
#include "soap/io/csv.hpp"
#include "soap/learn/trainer.hpp"
#include "soap/nn/mlp.hpp"

#include "tests/support/small_problem.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace soap;

TEST_CASE("a row has the run, the step, the layer and the figures, with blanks for what was not measured") {
  CHECK(diagnostics_header() ==
        "rule,step_kind,lr,seed,epoch,step,examples,layer,feedback_angle,sign_concordance,"
        "weighted_sign_concordance,feedback_norm_ratio,local_delta_angle,local_delta_norm_ratio,delta_angle,"
        "delta_norm_ratio,update_angle,update_norm_ratio,descent_efficiency,dead_units,saturated_units,"
        "effective_rank,bits_per_example\n");
  const std::vector<DiagnosticSample> samples = {
      {.epoch = 1,
       .step = 10,
       .examples = 640,
       .layers = {{.layer = "layers.0", .feedback_angle = 88.5, .effective_rank = 3.25},
                  {.layer = "all", .descent_efficiency = -0.5, .bits_per_example = 0}}}};
  CHECK(diagnostics_rows({.rule = "a,b", .step_kind = "backward", .lr = 0.1, .seed = 7}, samples) ==
        "\"a,b\",backward,0.1,7,1,10,640,layers.0,88.5,,,,,,,,,,,,,3.25,\n"
        "\"a,b\",backward,0.1,7,1,10,640,all,,,,,,,,,,,-0.5,,,,0\n");
}

TEST_CASE("a run leaves a file of its samples") {
  const test::TemporaryFolder folder;
  const auto path = folder.path() / "diagnostics.csv";
  const SmallProblem data(64);
  Network network = mlp({6, 5, 4}, {.rule = "fa"});
  const SoftmaxCrossEntropy loss;
  Sgd sgd({.lr = 0.1});
  Trainer trainer(network, loss, sgd, {.epochs = 1, .batch_size = 16});
  trainer.observe(
      diagnostics_file(path, {.rule = "fa", .step_kind = "backward", .lr = 0.1, .seed = 1}, {.interval = 2}));
  trainer.fit(data);
  const CsvTable table = read_csv(path);
  REQUIRE(table.rows() == 3 * 3);
  CHECK(table.number<std::int64_t>(3, table.column("step")) == 2);
  CHECK(table.text(4, table.column("layer")) == "layers.2");
  CHECK(table.number(4, table.column("feedback_angle")).value() > 0);
  CHECK(table.number(5, table.column("bits_per_example")) == 0);
}

TEST_CASE("what is written is read back, run by run, blanks as blanks") {
  const RunLabel fa{.rule = "fa", .step_kind = "backward", .lr = 0.1, .seed = 7};
  const RunLabel bp{.rule = "bp", .step_kind = "backward", .lr = 0.1, .seed = 7};
  const std::vector<DiagnosticSample> samples = {
      {1,
       1,
       64,
       {{.layer = "layers.0", .feedback_angle = 88.5}, {.layer = "all", .descent_efficiency = -0.5}}},
      {1, 10, 640, {{.layer = "layers.0", .effective_rank = 3.25}, {.layer = "all"}}}};
  const test::TemporaryFolder folder;
  const auto path = folder.write(
      "d.csv", diagnostics_header() + diagnostics_rows(fa, samples) + diagnostics_rows(bp, {samples[1]}));
  const auto runs = read_diagnostics(path);
  REQUIRE(runs.size() == 2);
  CHECK(runs[0].run == fa);
  CHECK(runs[1].run == bp);
  CHECK(diagnostics_rows(fa, runs[0].samples) == diagnostics_rows(fa, samples));
  CHECK(diagnostics_rows(bp, runs[1].samples) == diagnostics_rows(bp, {samples[1]}));
}

TEST_CASE("a diagnostics file that makes no sense is refused with the line") {
  const auto complaint_about = [](const std::string& rows) -> std::string {
    const test::TemporaryFolder folder;
    try {
      (void)read_diagnostics(folder.write("d.csv", diagnostics_header() + rows));
    } catch (const IoError& error) {
      return error.found();
    }
    return "";
  };
  const std::string figures(15, ',');
  CHECK(complaint_about("") == "no rows");
  CHECK(complaint_about("fa,backward,0.1,1,1,0,0,all" + figures + "\n") == "'0' in column 'step' on line 2");
  CHECK(complaint_about("fa,backward,0.1,1,1,5,9,all" + figures + "\nfa,backward,0.1,1,1,4,9,all" + figures +
                        "\n") == "'4' in column 'step' on line 3");
  CHECK(complaint_about("fa,backward,0.1,1,1,5,9,all,x" + figures.substr(1) + "\n") ==
        "'x' in column 'feedback_angle' on line 2");
  CHECK(complaint_about("fa,backward,0.1,1,1,5,9,all" + figures + "\nfa,backward,0.1,1,1,5,9,all" + figures +
                        "\n") == "'all' in column 'layer' on line 3");
  CHECK(complaint_about("fa,backward,,1,1,5,9,all" + figures + "\n") == "a blank in column 'lr' on line 2");
}
