#include "soap/data/named_digits.hpp"

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <utility>

#include "soap/base/ordinary_file.hpp"
#include "soap/base/spec_help.hpp"
#include "soap/base/text.hpp"
#include "soap/data/fingerprint.hpp"
#include "soap/data/synthetic_digits.hpp"

namespace soap {
inline namespace SOAP_ABI {

namespace {

std::string sizes_of(const TrainTest& data) {
  return with_thousands(data.train.size()) + " training and " + with_thousands(data.test.size()) +
         " test images";
}

NamedDigits open_mnist(const std::filesystem::path& folder) {
  TrainTest data = read_mnist(folder);
  std::string description =
      data_name(data, fingerprint(data)) + " from " + folder.string() + ", " + sizes_of(data);
  return {std::move(data), std::move(description), std::filesystem::absolute(folder).string()};
}

SyntheticDigitsOptions take_synthetic(Spec& spec) {
  SyntheticDigitsOptions options;
  options.train = spec.take_integer("train", options.train, 1, "training images");
  options.test = spec.take_integer("test", options.test, 1, "test images");
  options.seed = static_cast<std::uint64_t>(spec.take_integer("seed", static_cast<std::int64_t>(options.seed),
                                                              0, "that the images are drawn from"));
  spec.finish();
  return options;
}

NamedDigits open_synthetic(const SyntheticDigitsOptions& options, const std::string& why) {
  TrainTest data = synthetic_digits(options);
  std::string description =
      "synthetic digits" + why + ", seed " + std::to_string(options.seed) + ", " + sizes_of(data);
  std::string source = "synthetic:train=" + std::to_string(options.train) +
                       ":test=" + std::to_string(options.test) + ":seed=" + std::to_string(options.seed);
  return {std::move(data), std::move(description), std::move(source)};
}

bool names_synthetic(std::string_view text) { return text == "synthetic" || text.starts_with("synthetic:"); }

}  // namespace

NamedDigits open_digits(const std::string& text, const std::string& who) {
  if (names_synthetic(text)) {
    Spec spec(who, text);
    return open_synthetic(take_synthetic(spec), "");
  }
  if (kind_of(text, "a folder with the files of MNIST") != FileKind::folder) {
    throw std::invalid_argument(who + ": found '" + text +
                                "', which is no folder, expected one with the files of MNIST (or synthetic)");
  }
  return open_mnist(text);
}

NamedDigits usual_digits() {
  constexpr const char* variable = "SOAP_DATA_DIR";
  if (const char* folder = std::getenv(variable); folder != nullptr && *folder != '\0')
    return open_digits(folder, variable);
  const std::filesystem::path usual = std::filesystem::path("data") / "mnist";
  if (missing_mnist_files(usual).size() < 4) return open_mnist(usual);
  return open_synthetic({}, " (no MNIST in " + usual.string() + "; ./dev data downloads it)");
}

std::optional<std::string> digits_help(std::string_view text) {
  if (text != help_word && !names_synthetic(text)) return std::nullopt;
  auto answer = spec_help("data", {{"synthetic", "digits drawn by this program", take_synthetic}}, text);
  if (text == help_word) answer->append("any other text is a folder with MNIST's files; ./help is one too\n");
  return answer;
}

void hold_out(NamedDigits& digits, Index count, const std::string& who) {
  const Index images = digits.data.train.size();
  if (count >= images) {
    throw std::invalid_argument(who + ": found " + std::to_string(count) + ", expected fewer than the " +
                                with_thousands(images) + " training images");
  }
  digits.data = hold_out(digits.data.train, count);
  digits.description +=
      "; of the training images " + with_thousands(count) + " are held out and stand in for the test set";
}

}  // namespace SOAP_ABI
}  // namespace soap
