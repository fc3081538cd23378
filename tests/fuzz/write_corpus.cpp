// Writes anew those inputs of the corpus that are whole files of this version: what a reader takes changes
// with the formats and with the settings that a file names.
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "soap/io/checkpoint.hpp"
#include "soap/io/safetensors.hpp"

#include "tests/fuzz/saved_files.hpp"
#include "tests/support/trial_records.hpp"

namespace {

namespace fs = std::filesystem;

std::string read(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

void write(const fs::path& path, const std::string& bytes) { std::ofstream(path, std::ios::binary) << bytes; }

std::string replaced(std::string text, const std::string& before, const std::string& after) {
  return text.replace(text.find(before), before.size(), after);
}

// Its fingerprint fits what it then holds.
void write_changed(const fs::path& from, const fs::path& to,
                   const std::function<void(soap::TensorFile&)>& change) {
  soap::TensorFile file = soap::read_safetensors(from);
  change(file);
  write(to, soap::to_safetensors(file));
}

void write_checkpoints(const fs::path& corpus) {
  const fs::path taken = corpus / "checkpoint/taken";
  const fs::path refused = corpus / "checkpoint/refused";
  fs::create_directories(taken);
  fs::create_directories(refused);
  const fs::path run = taken / "run";
  const fs::path result = taken / "result";
  for (const fs::path& path : {run, result}) fs::remove(path);
  (void)fuzz::run_until_stopped(run);
  (void)soap::run_trial(fuzz::checkpoint_options(), fuzz::checkpoint_images(), fuzz::checkpoint_images(), {},
                        fuzz::checkpoint_files(result));
  for (const char* name : {"run", "result"}) {
    write(taken / (std::string(name) + "_without_fingerprint"),
          replaced(read(taken / name), soap::fingerprint_key, "contents_fungerprint"));
  }

  const std::string bytes = read(run);
  write(refused / "cut_short", bytes.substr(0, bytes.size() - 1));
  std::string flipped = bytes;
  flipped.back() = static_cast<char>(flipped.back() ^ 1);
  write(refused / "bit_flipped", flipped);
  write_changed(run, refused / "other_data", [](auto& file) { file.metadata.at("data") = "imagez"; });
  write_changed(run, refused / "other_settings", [](auto& file) {
    std::string& settings = file.metadata.at("settings");
    settings = replaced(settings, "\"lr\":0.01", "\"lr\":0.02");
  });
  write_changed(run, refused / "other_layer", [](auto& file) { file.metadata.at("layers.1") = "relu"; });
  write_changed(result, refused / "negative_counter",
                [](auto& file) { file.tensors.at("result.epochs").bytes = std::string(8, '\xff'); });
  write_changed(result, refused / "status_of_no_result",
                [](auto& file) { file.tensors.at("result.status").bytes.front() = 7; });
  fs::copy_file(corpus / "model/taken/model", refused / "model", fs::copy_options::overwrite_existing);
  fs::copy_file(run, corpus / "model/refused/checkpoint", fs::copy_options::overwrite_existing);
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
  write(folder / "four_types", soap::to_safetensors(file));
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
    write(corpus / "record/taken" / name, text);
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
  write_model(corpus / "model/taken");
  write_checkpoints(corpus);
  write_tensors(corpus / "safetensors/taken");
  write_records(corpus);
}
