// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "ipctest.h"
#include "peerprocess.h"

// The program that the manual shows for named pipes does what it says.
class tst_namedpipe_manual : public IpcTest
{
    Q_OBJECT

private Q_SLOTS:
    void theQuestionIsAnswered()
    {
        PeerProcess program;
        QVERIFY(program.start("snippet_namedpipe"));
        QCOMPARE(program.readLine(), "the answer to question one");
        QVERIFY2(program.waitForExit() == 0, qPrintable(program.errors()));
    }
};

QTEST_GUILESS_MAIN(tst_namedpipe_manual)
#include "tst_namedpipe_manual.moc"
