// Where the programs take their digits from.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "soap/base/ordinary_file.hpp"
#include "soap/base/spec_help.hpp"
#include "soap/base/text.hpp"
#include "soap/data/fingerprint.hpp"
#include "soap/data/mnist.hpp"
#include "soap/data/synthetic_digits.hpp"

namespace data_source {

struct Digits {
  soap::TrainTest data;
  std::string description;  ///< one line for people
  std::string source;       ///< for `--data`: opens the same from any working folder
};

inline std::string sizes(const soap::TrainTest& data) {
  return soap::with_thousands(data.train.size()) + " training and " + soap::with_thousands(data.test.size()) +
         " test images";
}

// `source` is who named the folder, for the message when there is no such folder.
inline Digits mnist(const std::string& source, const std::filesystem::path& folder) {
  if (soap::kind_of(folder, "a folder with the files of MNIST") != soap::FileKind::folder) {
    throw std::invalid_argument(source + ": found '" + folder.string() +
                                "', which is no folder, expected one with the files of MNIST" +
                                (source == "--data" ? " (or synthetic)" : ""));
  }
  soap::TrainTest data = soap::read_mnist(folder);
  std::string description =
      soap::data_name(data, soap::fingerprint(data)) + " from " + folder.string() + ", " + sizes(data);
  return {std::move(data), std::move(description), std::filesystem::absolute(folder).string()};
}

inline soap::SyntheticDigitsOptions take_synthetic(soap::Spec& spec) {
  soap::SyntheticDigitsOptions options;
  options.train = spec.take_integer("train", options.train, 1, "training images");
  options.test = spec.take_integer("test", options.test, 1, "test images");
  options.seed = static_cast<std::uint64_t>(spec.take_integer("seed", static_cast<std::int64_t>(options.seed),
                                                              0, "that the images are drawn from"));
  spec.finish();
  return options;
}

/// Whether a text names synthetic digits rather than a folder.
inline bool is_synthetic(std::string_view text) {
  return text == "synthetic" || text.starts_with("synthetic:");
}

/// What "help" or "synthetic:help" asks to know, see `soap::spec_help`. Any other text may be a folder.
inline std::optional<std::string> help(std::string_view text) {
  if (text != soap::help_word && !is_synthetic(text)) return std::nullopt;
  auto answer =
      soap::spec_help("data", {{"synthetic", "digits drawn by this program", take_synthetic}}, text);
  if (text == soap::help_word)
    answer->append("any other text is a folder with MNIST's files; ./help is one too\n");
  return answer;
}

inline Digits synthetic(const std::string& text, const std::string& why) {
  soap::Spec spec("--data", text);
  const soap::SyntheticDigitsOptions options = take_synthetic(spec);
  soap::TrainTest data = soap::synthetic_digits(options);
  std::string description =
      "synthetic digits" + why + ", seed " + std::to_string(options.seed) + ", " + sizes(data);
  std::string source = "synthetic:train=" + std::to_string(options.train) +
                       ":test=" + std::to_string(options.test) + ":seed=" + std::to_string(options.seed);
  return {std::move(data), std::move(description), std::move(source)};
}

/// Puts `count` training images, drawn from each class, in the place of the test set.
inline void hold_out(Digits& digits, soap::Index count) {
  if (count >= digits.data.train.size()) {
    throw std::invalid_argument("--validation: found " + std::to_string(count) +
                                ", expected fewer than the " +
                                soap::with_thousands(digits.data.train.size()) + " training images");
  }
  digits.data = soap::hold_out(digits.data.train, count);
  digits.description += "; of the training images " + soap::with_thousands(count) +
                        " are held out and stand in for the test set";
}

/// What `--data` names: a folder with MNIST's files or "synthetic:train=N:test=N:seed=N". Without the flag
/// the folder in SOAP_DATA_DIR, else data/mnist if it holds any of the files, else synthetic digits. Throws
/// std::invalid_argument when that is no folder, and IoError for a folder that does not hold MNIST.
inline Digits open(const std::optional<std::string>& flag) {
  if (flag && is_synthetic(*flag)) return synthetic(*flag, "");
  if (flag) return mnist("--data", *flag);
  if (const char* folder = std::getenv("SOAP_DATA_DIR"); folder != nullptr && *folder != '\0')
    return mnist("SOAP_DATA_DIR", folder);
  const std::filesystem::path usual = std::filesystem::path("data") / "mnist";
  if (soap::missing_mnist_files(usual).size() < 4) return mnist(usual.string(), usual);
  return synthetic("synthetic", " (no MNIST in " + usual.string() + "; ./dev data downloads it)");
}

}  // namespace data_source
