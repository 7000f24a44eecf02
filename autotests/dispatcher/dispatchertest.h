// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef DISPATCHERTEST_H
#define DISPATCHERTEST_H

#include "ipctest.h"

#include <InterprocessQt/EventDispatcher>

#include <QCoreApplication>

// As QTEST_GUILESS_MAIN, with our event loop in the main thread.
#define DISPATCHERTEST_MAIN(Test)                                                                                                                              \
    int main(int argc, char **argv)                                                                                                                            \
    {                                                                                                                                                          \
        QCoreApplication::setEventDispatcher(new InterprocessQt::EventDispatcher);                                                                             \
        QCoreApplication application(argc, argv);                                                                                                              \
        Test test;                                                                                                                                             \
        return QTest::qExec(&test, argc, argv);                                                                                                                \
    }

#endif
