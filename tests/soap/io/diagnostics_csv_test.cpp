#include "soap/io/diagnostics_csv.hpp"

#include <doctest/doctest.h>

#include "soap/io/csv.hpp"
#include "soap/learn/trainer.hpp"

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
