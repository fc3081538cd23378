// Tables of settings: whatever writes, reads, names or asks for settings walks their rows.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "soap/trial/setting_value.hpp"

namespace soap {
inline namespace SOAP_ABI {

/// A setting among some options: its row in their table.
template <class Options>
class Setting : public SettingRow {
 public:
  /// How the row's value in some options is written and read.
  struct Access {
    nlohmann::ordered_json (*json)(const SettingRow&, const Options&);
    void (*read)(const SettingRow&, const JsonFields&, Options&);
    std::string (*text)(const SettingRow&, const Options&);
    std::string (*words)(const SettingRow&, const Options&);
    void (*parse)(const SettingRow&, const std::string& what, const std::string& text, Options&);
    void (*make_canonical)(const SettingRow&, Options&);
    bool (*is_usual)(const Options&);
    bool is_number;
  };

  constexpr Setting(const SettingRow& row, const Access& access) : SettingRow(row), access_(access) {}

  [[nodiscard]] nlohmann::ordered_json json(const Options& options) const {
    return access_.json(*this, options);
  }
  /// Throws IoError.
  void read(const JsonFields& fields, Options& options) const { access_.read(*this, fields, options); }
  /// As it is typed, and as tables have it.
  [[nodiscard]] std::string text(const Options& options) const { return access_.text(*this, options); }
  /// As it stands in names: "lr 0.1".
  [[nodiscard]] std::string words(const Options& options) const { return access_.words(*this, options); }
  /// Takes what somebody typed; `what` names it in messages: "--lr". Throws std::invalid_argument.
  void parse(const std::string& what, const std::string& text, Options& options) const {
    access_.parse(*this, what, text, options);
  }
  /// Puts a text in its canonical form. Throws std::invalid_argument where it is not valid.
  void make_canonical(Options& options) const { access_.make_canonical(*this, options); }
  /// Whether it is what it is where nobody says anything.
  [[nodiscard]] bool is_usual(const Options& options) const { return access_.is_usual(options); }
  [[nodiscard]] bool is_number() const { return access_.is_number; }

  [[nodiscard]] bool is_named(const Options& options) const {
    return shown == SettingShown::always || !is_usual(options);
  }
  [[nodiscard]] bool is_written(const Options& options) const {
    return !stands_last(*this) || !is_usual(options);
  }

 private:
  Access access_;
};

/// Where a setting is: a member of the options.
template <auto member>
struct SettingMember;
template <class Owner, class Member, Member Owner::*member>
struct SettingMember<member> {
  using Options = Owner;
  using Value = Member;
  static const Value& get(const Options& options) { return options.*member; }
  static void set(Options& options, Value value) { options.*member = std::move(value); }
  static bool is_usual(const Options& options) {
    static const Options usual;
    return options.*member == usual.*member;
  }
};

/// Where a setting is that may be absent: then another stands for it.
template <auto member, auto other>
struct SettingMemberOr;
template <class Owner, class Member, std::optional<Member> Owner::*member, Member Owner::*other>
struct SettingMemberOr<member, other> {
  using Options = Owner;
  using Value = Member;
  static Value get(const Options& options) { return (options.*member).value_or(options.*other); }
  static void set(Options& options, Value value) { options.*member = std::move(value); }
  static bool is_usual(const Options& options) { return get(options) == options.*other; }
};

template <class Place>
constexpr Setting<typename Place::Options> setting_at(const SettingRow& row) {
  using Options = typename Place::Options;
  using Value = typename Place::Value;
  using Of = SettingValue<Value>;
  return {
      row,
      {.json = [](const SettingRow& of, const Options& options) { return Of::json(of, Place::get(options)); },
       .read = [](const SettingRow& of, const JsonFields& fields,
                  Options& options) { Place::set(options, Of::read(of, fields)); },
       .text = [](const SettingRow& of, const Options& options) { return Of::text(of, Place::get(options)); },
       .words = [](const SettingRow& of, const Options& options) -> std::string {
         if constexpr (requires { Of::words(of, Place::get(options)); }) {
           return Of::words(of, Place::get(options));
         } else {
           std::string words = of.label;
           return words.append(words.empty() ? "" : " ").append(Of::text(of, Place::get(options)));
         }
       },
       .parse = [](const SettingRow& of, const std::string& what, const std::string& text,
                   Options& options) { Place::set(options, Of::parse(of, what, text)); },
       .make_canonical =
           [](const SettingRow& of, Options& options) {
             if constexpr (std::same_as<Value, std::string>) {
               if (of.names.canonical != nullptr)
                 Place::set(options, of.names.canonical(Place::get(options)));
             }
           },
       .is_usual = Place::is_usual,
       .is_number = Of::is_number}};
}

/// The row of a member, as in setting<&TrialOptions::lr>({.key = "lr", ...}).
template <auto member>
constexpr auto setting(const SettingRow& row) {
  return setting_at<SettingMember<member>>(row);
}
/// The row of a member that may be absent, for which `other` stands then.
template <auto member, auto other>
constexpr auto setting_or(const SettingRow& row) {
  return setting_at<SettingMemberOr<member, other>>(row);
}

/// Visits the rows of some roles, role by role.
template <class Options, std::size_t n, class Visit>
void for_each_setting(const std::array<Setting<Options>, n>& table, std::span<const SettingRole> roles,
                      const Visit& visit) {
  for (const SettingRole role : roles) {
    for (const Setting<Options>& row : table) {
      if (row.role == role) visit(row);
    }
  }
}

/// "lr 0.1, sgd, constant, batch 64": the settings of some roles, in a name.
template <class Options, std::size_t n>
std::string setting_words(const std::array<Setting<Options>, n>& table, std::span<const SettingRole> roles,
                          const Options& options) {
  std::string all;
  for_each_setting(table, roles, [&](const Setting<Options>& row) {
    if (row.is_named(options)) all.append(all.empty() ? "" : ", ").append(row.words(options));
  });
  return all;
}

template <class Options, std::size_t n>
std::vector<std::string> setting_columns(const std::array<Setting<Options>, n>& table,
                                         std::span<const SettingRole> roles) {
  std::vector<std::string> columns;
  for_each_setting(table, roles, [&](const Setting<Options>& row) { columns.emplace_back(row.column); });
  return columns;
}

/// The settings of some roles, as plain texts for the cells of `setting_columns`.
template <class Options, std::size_t n>
std::vector<std::string> setting_cells(const std::array<Setting<Options>, n>& table,
                                       std::span<const SettingRole> roles, const Options& options) {
  std::vector<std::string> cells;
  for_each_setting(table, roles, [&](const Setting<Options>& row) { cells.push_back(row.text(options)); });
  return cells;
}

/// Adds to `json`, in the table's order, the settings that `wanted` takes of those that are written.
template <class Options, std::size_t n, class Wanted>
void write_settings(const std::array<Setting<Options>, n>& table, const Options& options,
                    nlohmann::ordered_json& json, const Wanted& wanted) {
  for (const Setting<Options>& row : table) {
    if (wanted(row) && row.is_written(options)) json[row.key] = row.json(options);
  }
}

/// Reads what `write_settings` wrote. Throws IoError for a setting that is not there, but should be, and for
/// one that is not what it should be.
template <class Options, std::size_t n, class Wanted>
void read_settings(const std::array<Setting<Options>, n>& table, const JsonFields& fields, Options& options,
                   const Wanted& wanted) {
  for (const Setting<Options>& row : table) {
    if (wanted(row) && (!stands_last(row) || fields.has(row.key))) row.read(fields, options);
  }
}

/// Puts all texts in their canonical forms. Throws std::invalid_argument for one that is not valid.
template <class Options, std::size_t n>
void make_canonical(const std::array<Setting<Options>, n>& table, Options& options) {
  for (const Setting<Options>& row : table) row.make_canonical(options);
}

}  // namespace SOAP_ABI
}  // namespace soap
