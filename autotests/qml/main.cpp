// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

// Runs a file of tests in QML: -input <file>.

#include <QtQuickTest>

QUICK_TEST_MAIN(interprocessqt)
