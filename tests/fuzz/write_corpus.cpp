// Writes anew those inputs of the corpus that are whole files of this version: what a reader takes changes
// with the formats and with the settings that a file names.
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

#include "soap/io/checkpoint.hpp"

#include "tests/fuzz/saved_files.hpp"
#include "tests/support/trial_records.hpp"

namespace {

namespace fs = std::filesystem;

void write_checkpoints(const fs::path& folder) {
  fs::create_directories(folder);
  for (const char* name : {"run", "result"}) fs::remove(folder / name);
  (void)fuzz::run_until_stopped(folder / "run");
  (void)soap::run_trial(fuzz::checkpoint_options(), fuzz::checkpoint_images(), fuzz::checkpoint_images(), {},
                        fuzz::checkpoint_files(folder / "result"));
}

void write_model(const fs::path& folder) {
  fs::create_directories(folder);
  soap::Network network = fuzz::model_network();
  soap::save_model(folder / "model", network);
}

void write_tensors(const fs::path& folder) {
  using soap::TensorType;
  fs::create_directories(folder);
  const soap::TensorFile file{.metadata = {{"note", "a text"}},
                              .tensors = {{"a", {TensorType::f32, {2, 1}, std::string(8, '\1')}},
                                          {"b", {TensorType::u8, {}, "x"}},
                                          {"empty", {TensorType::f64, {0, 3}, ""}},
                                          {"n", {TensorType::i64, {1}, std::string(8, '\0')}}}};
  std::ofstream(folder / "four_types", std::ios::binary) << soap::to_safetensors(file);
}

void write_records(const fs::path& corpus) {
  soap::TrialRecord own_seed = test::judged("bp", 0.1, 1, 0.92);
  own_seed.setting.options.init_seed = 7;
  const std::vector<std::pair<std::string, soap::TrialRecord>> records = {
      {"tuning", test::tuned("bp", 0.1, 1, 0.9)},
      {"tuning_of_fa", test::tuned("fa", 0.1, 1, 0.8)},
      {"judging", test::judged("bp", 0.1, 1, 0.9)},
      {"judging_of_seed_2", test::judged("bp", 0.1, 2, 0.91)},
      {"judging_of_fa", test::judged("fa", 0.1, 1, 0.8)},
      {"diverged", test::diverged(test::judged("fa", 0.1, 2, 0.82))},
      {"own_seed", own_seed}};
  fs::create_directories(corpus / "record/taken");
  fs::create_directories(corpus / "report/taken");
  std::ofstream report(corpus / "report/taken/two_methods", std::ios::binary);
  for (const auto& [name, record] : records) {
    const std::string text = soap::to_json(record);
    std::ofstream(corpus / "record/taken" / name, std::ios::binary) << text;
    report << (&name == &records.front().first ? "" : "%\n") << text;
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: write_corpus tests/fuzz/corpus\n";
    return 2;
  }
  const fs::path corpus = argv[1];
  write_checkpoints(corpus / "checkpoint/taken");
  write_model(corpus / "model/taken");
  write_tensors(corpus / "safetensors/taken");
  write_records(corpus);
}
