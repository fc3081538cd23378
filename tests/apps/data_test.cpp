// Where mnist_train takes its digits from, and what it says when they are not what they should be.
#include <doctest/doctest.h>

#include "tests/apps/mnist_train.hpp"
#include "tests/support/idx_files.hpp"

using test::big_endian;
using test::Bytes;
using test::bytes_of;
using test::gzip_of;
using test::idx_header;
using test::lines_of;
using test::names_in;
using test::Outcome;
using test::Words;
using test::Workshop;
using test::operator+;

namespace {

namespace fs = std::filesystem;

const Words flags = {"--rules", "bp", "--seeds", "1", "--hidden", "4", "--epochs", "1", "--out", "o"};

Bytes images(std::uint32_t count) {
  return idx_header({count, 28, 28}) + Bytes(static_cast<std::size_t>(count) * 784, 99);
}

Bytes labels(std::uint32_t count) {
  Bytes bytes = idx_header({count});
  for (std::uint32_t i = 0; i < count; ++i) bytes.push_back(static_cast<std::uint8_t>(i % 10));
  return bytes;
}

void write(const fs::path& file, const Bytes& bytes) {
  std::ofstream stream(file, std::ios::binary);
  stream.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
}

void write_mnist(const fs::path& folder, std::uint32_t train) {
  fs::create_directories(folder);
  write(folder / "train-images-idx3-ubyte", images(train));
  write(folder / "train-labels-idx1-ubyte.gz", gzip_of(labels(train)));
  write(folder / "t10k-images.idx3-ubyte", images(10));
  write(folder / "t10k-labels.idx1-ubyte", labels(10));
}

// What the program says when one file of a good set is replaced.
std::string complaint_about(const std::string& file, const Bytes& bytes) {
  const Workshop workshop;
  const fs::path data = workshop.logs() / "data";
  write_mnist(data, 30);
  write(data / file, bytes);
  const Outcome outcome = workshop.run(Words{"--data", data.string()} + flags);
  CHECK(outcome.status == 2);
  CHECK(names_in(workshop.folder()).empty());
  CHECK(lines_of(outcome.err).size() == 1);
  const std::string start = "mnist_train: " + (data / file).string() + ": ";
  REQUIRE(outcome.err.starts_with(start));
  return outcome.err.substr(start.size());
}

}  // namespace

TEST_CASE("digits come from --data, else from SOAP_DATA_DIR, else from data/mnist") {
  const Workshop workshop;
  const auto first_line = [&](const Words& more, const std::string& variable) {
    const Outcome outcome = workshop.run(
        flags + Words{"--overwrite"} + more,
        {.folder = workshop.folder(), .logs = workshop.logs(), .environment = {{"SOAP_DATA_DIR", variable}}});
    CHECK(outcome.status == 0);
    return lines_of(outcome.out).at(0);
  };
  const std::string sizes = " training and 10 test images";
  write_mnist(workshop.folder() / "data/mnist", 20);
  write_mnist(workshop.folder() / "there", 30);
  write_mnist(workshop.folder() / "named", 40);
  CHECK(first_line({}, "") == "data: unnamed images from data/mnist, 20" + sizes);
  CHECK(first_line({}, "there") == "data: unnamed images from there, 30" + sizes);
  CHECK(first_line({"--data", "named"}, "there") == "data: unnamed images from named, 40" + sizes);
  CHECK(first_line({"--data", "synthetic:train=50:test=10"}, "there") ==
        "data: synthetic digits, seed 1, 50" + sizes);
}

TEST_CASE("folders without MNIST are refused by the name of what named them") {
  const Workshop workshop;
  const auto complaint = [&](const Words& more, const std::string& variable) {
    const Outcome outcome = workshop.run(
        flags + more,
        {.folder = workshop.folder(), .logs = workshop.logs(), .environment = {{"SOAP_DATA_DIR", variable}}});
    CHECK(outcome.status == 2);
    CHECK_FALSE(fs::exists(workshop.folder() / "o"));
    REQUIRE(lines_of(outcome.err).size() == 1);
    return outcome.err.substr(13);
  };
  CHECK(
      complaint({"--data", "syntetic"}, "") ==
      "--data: found 'syntetic', which is no folder, expected one with the files of MNIST (or synthetic)\n");
  CHECK(complaint({"--data", ""}, "").starts_with("--data: found '', which is no folder"));
  CHECK(complaint({}, "/nothing/here") ==
        "SOAP_DATA_DIR: found '/nothing/here', which is no folder, expected one with the files of MNIST "
        "(or synthetic)\n");
  CHECK(complaint({"--data", "synthetic:train=0"}, "") ==
        "--data 'synthetic:train=0': train is 0, expected an integer of at least 1\n");
  CHECK(complaint({"--data", "synthetic:images=9"}, "") ==
        "--data 'synthetic:images=9': unknown parameter 'images' (nearest: train, test, seed)\n");
  CHECK(complaint({"--data", "synthetic:train=100000000000"}, "")
            .starts_with("synthetic digits: found a request for 100000000000 images"));

  // An unfinished download is no reason to train on something else.
  write_mnist(workshop.folder() / "data/mnist", 20);
  fs::remove(workshop.folder() / "data/mnist/t10k-labels.idx1-ubyte");
  CHECK(complaint({}, "").starts_with("data/mnist: found no test labels, expected a file named "));
}

TEST_CASE("a run goes on with data in a folder whose name is not UTF-8, and shows the name as text") {
  const Workshop workshop;
  const fs::path data = workshop.logs() / "caf\xe9 \x1b[2J";
  write_mnist(data, 30);
  const Outcome run = workshop.run(Words{"--data", data.string(), "--checkpoint-every", "1"} + flags);
  CHECK(run.status == 0);
  CHECK(run.out.find("caf\\xe9 \\x1b[2J, 30 training") != std::string::npos);
  const Outcome resumed = workshop.run({"--resume", "o"});
  CHECK(resumed.status == 0);
  CHECK(resumed.out == run.out);
}

TEST_CASE("damaged files are refused with file, place, finding and expectation") {
  Bytes cut = images(30);
  cut.resize(5000);
  CHECK(complaint_about("train-images-idx3-ubyte", cut).find("was the file cut short?") != std::string::npos);
  Bytes cut_gzip = gzip_of(labels(30));
  cut_gzip.resize(cut_gzip.size() - 20);
  CHECK(complaint_about("train-labels-idx1-ubyte.gz", cut_gzip).find("was the file cut short?") !=
        std::string::npos);
  CHECK(complaint_about("train-labels-idx1-ubyte.gz", bytes_of("<html>404</html>")) ==
        "at byte 0 found what looks like an HTML page, expected an IDX file (download it again, perhaps from "
        "elsewhere)\n");
  Bytes wrong_magic = labels(10);
  wrong_magic[0] = 7;
  CHECK(complaint_about("t10k-labels.idx1-ubyte", wrong_magic) ==
        "at byte 0 found bytes 07 00 08 01, expected the magic number 00 00 08 01 of an IDX file\n");
  CHECK(complaint_about("t10k-labels.idx1-ubyte", labels(10) + Bytes{1}) ==
        "at byte 18 found more data after the last value, expected the end of the data\n");
  Bytes wrong_label = labels(10);
  wrong_label.back() = 10;
  CHECK(complaint_about("t10k-labels.idx1-ubyte", wrong_label) ==
        "at byte 17 found label 10, expected a label of 0 ... 9\n");
  CHECK(complaint_about("t10k-images.idx3-ubyte", images(9))
            .starts_with("at byte 4 found 9 images, expected 10, the number of labels in "));
}
