// The format that a fuzz target of lists or maps is for.
#pragma once

namespace ostrakon::fuzz {

/// As `import --format` takes it; empty: it is recognised by what stands in the list.
extern const char* const kFormatName;

}  // namespace ostrakon::fuzz
