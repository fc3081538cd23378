#include "soap/report/trials_csv.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "soap/io/csv.hpp"

#include "tests/support/program.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/trial_records.hpp"

using soap::CsvTable;
using soap::TrialRecord;

namespace {

// The table of the records, written and read again.
CsvTable table_of(const std::vector<TrialRecord>& records) {
  const test::TemporaryFolder folder;
  const auto path = folder.path() / "trials.csv";
  write_trials_csv(path, {.records = records, .damaged = {}},
                   soap::summarize_sweep({.records = records, .damaged = {}}));
  return soap::read_csv(path);
}

std::string cell(const CsvTable& table, std::size_t row, const std::string& column) {
  return std::string(table.text(row, table.column(column)));
}

std::optional<double> number(const CsvTable& table, std::size_t row, const std::string& column) {
  return table.number(row, table.column(column));
}

std::size_t count(const CsvTable& table, const std::string& column, const std::string& value) {
  std::size_t found = 0;
  for (std::size_t row = 0; row < table.rows(); ++row) found += cell(table, row, column) == value ? 1 : 0;
  return found;
}

}  // namespace

TEST_CASE("a trial's row has its whole setting and all its figures") {
  TrialRecord record = test::tuned("fa", 0.1, 18446744073709551615U, 0.75);
  record.setting.options.hidden = {30, 20};
  record.setting.options.optimizer = "adam:beta1=0.8";
  record.setting.data = "MNIST, 10+5 images";
  record.passes_per_example = 2;
  TrialRecord plain = test::judged("bp", 0.01, 1, 0.5);
  const test::TemporaryFolder folder;
  const auto path = folder.path() / "trials.csv";
  const std::vector<TrialRecord> records = {record, plain};
  write_trials_csv(path, {.records = records, .damaged = {}},
                   soap::summarize_sweep({.records = records, .damaged = {}}));
  CHECK(test::text_of(path) ==
        "key,problem,phase,chosen,compared,method,rule,step,lr,optimizer,schedule,batch_size,batch_sizes,"
        "initializer,"
        "hidden,activation,loss_function,epochs,seed,init_seed,order_seed,feedback_seed,data,validation_"
        "images,evaluations,target_loss,beta1,"
        "momentum,weight_decay,status,message,epochs_done,steps,examples,passes_per_example,classes,accuracy,"
        "counted_accuracy,loss,final_train_loss,steps_to_target,transported_bits\n" +
            trial_key(record.setting) + ",\"" + problem_of(record.setting) +
            "\",tuning,yes,yes,fa,fa,backward,0.1,adam,constant,64,even,xavier_normal,30x20,tanh,"
            "softmax_cross_entropy,2,18446744073709551615,18446744073709551615,18446744073709551615,"
            "18446744073709551615,\"MNIST, 10+5 images\",100,2,0.3,0.8,,0,finished,,1,"
            "100,6400,2,10,0.75,0.75,0.25,0.5,40,0\n" +
            trial_key(plain.setting) + ",\"" + problem_of(plain.setting) +
            "\",judging,yes,yes,bp,bp,backward,0.01,sgd,constant,64,even,xavier_normal,256,tanh,"
            "softmax_cross_entropy,2,1,1,1,1,images,0,1,0.3,,0,0,finished,,1,100,6400,1,10,0.5,0.5,0.5,1,40,"
            "1000\n");
}

TEST_CASE(
    "parameters of optimizers are numbers in columns of their own, with defaults where nothing is said") {
  auto records = test::sweep({"bp"}, 1);
  REQUIRE(records.size() == 4);
  records[0].setting.options.optimizer = "sgd:momentum=0.9:nesterov=yes";
  records[1].setting.options.optimizer = "adamw";
  records[2].setting.options.optimizer = "rmsprop:smoothing=0.5:weight_decay=1e-4";
  const CsvTable table = table_of(records);
  CHECK(cell(table, 0, "optimizer") == "sgd");
  CHECK(number(table, 0, "momentum") == 0.9);
  CHECK(number(table, 0, "weight_decay") == 0);
  CHECK(cell(table, 0, "nesterov") == "yes");
  CHECK_FALSE(number(table, 0, "smoothing"));
  CHECK(cell(table, 1, "optimizer") == "adamw");
  CHECK(number(table, 1, "weight_decay") == 0.01);
  CHECK_FALSE(number(table, 1, "momentum"));
  CHECK(number(table, 2, "smoothing") == 0.5);
  CHECK(number(table, 2, "weight_decay") == 1e-4);
  CHECK(number(table, 3, "momentum") == 0);
  CHECK(cell(table, 3, "nesterov") == "no");
  CHECK(std::count(table.header().begin(), table.header().end(), "beta1") == 0);
}

TEST_CASE("chosen are the trials that the report's means are of") {
  auto records = test::sweep({"bp", "fa"}, 3);
  // Evaluated in another way than most, and so not compared with them.
  TrialRecord other = test::tuned("bp", 0.1, 9, 0.99);
  other.setting.validation = 50;
  records.push_back(other);
  const CsvTable table = table_of(records);
  REQUIRE(table.rows() == 2 * 3 * 4 + 1);
  CHECK(count(table, "phase", "tuning") == 2 * 3 * 3 + 1);
  CHECK(count(table, "chosen", "yes") == 2 * (3 + 3));
  CHECK(count(table, "compared", "no") == 1);
  for (std::size_t row = 0; row < table.rows(); ++row) {
    CAPTURE(row);
    const bool best = number(table, row, "lr") == 0.1 && number(table, row, "validation_images") != 50;
    CHECK((cell(table, row, "chosen") == "yes") == best);
  }
}

TEST_CASE("what diverged has blanks, counts as guessing, and its words are harmless") {
  auto records = test::sweep({"bp"}, 1);
  records[0] = test::diverged(records[0]);
  records[0].message = "=HYPERLINK(\"x\", 1)\nfoo";
  records[0].transported_bits.reset();
  const CsvTable table = table_of(records);
  CHECK(cell(table, 0, "status") == "diverged");
  CHECK(cell(table, 0, "message") == "'=HYPERLINK(\"x\", 1)\\x0afoo");
  for (const char* column : {"accuracy", "loss", "final_train_loss", "steps_to_target", "transported_bits"})
    CHECK_FALSE(number(table, 0, column));
  CHECK(number(table, 0, "counted_accuracy") == 0.1);
  // All columns of numbers are numbers.
  for (const char* column : {"lr",
                             "batch_size",
                             "epochs",
                             "seed",
                             "validation_images",
                             "evaluations",
                             "target_loss",
                             "momentum",
                             "weight_decay",
                             "epochs_done",
                             "steps",
                             "examples",
                             "passes_per_example",
                             "classes",
                             "accuracy",
                             "counted_accuracy",
                             "loss",
                             "final_train_loss",
                             "steps_to_target",
                             "transported_bits"}) {
    for (std::size_t row = 1; row < table.rows(); ++row) CHECK(number(table, row, column));
  }
}
