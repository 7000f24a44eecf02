// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#ifndef TOUR_CLIENT_H
#define TOUR_CLIENT_H

#include "progress.h"
#include "protocol.h"

#include <InterprocessQt/LocalSocket>

#include <QCryptographicHash>
#include <QElapsedTimer>
#include <QFile>
#include <QTimer>

#include <chrono>
#include <memory>
#include <optional>

class Sender;

/*
 * The side that asks. It goes through the steps of the tour one by one, each begun by a function of its own and ended by
 * the answer of the service.
 */
class Client : public QObject
{
    Q_OBJECT

public:
    explicit Client(QObject *parent = nullptr);
    ~Client() override;

    // The file to be sent. Says what is wrong with it, or nothing.
    [[nodiscard]] QString open(const QString &path);

    // A service that has just been started may need a moment before it listens.
    void waitForService();
    // Fails with the reason if that is still what we do.
    void stopWaiting(const QString &reason);
    // The process that must be at the other end, if it is known.
    void expectProcess(qint64 pid);
    void start(const InterprocessQt::Address &address);

Q_SIGNALS:
    // Either the one or the other, once.
    void finished();
    void failed(const QString &reason);

private:
    enum class Step {
        Greeting,
        File,
        FileReceipt,
        Batch,
        RoundTrips,
        Bulk,
        Goodbye,
        Over,
    };

    void greet();
    void beginFile();
    void beginBatch();
    void beginRoundTrips();
    void beginBulk();
    void beginGoodbye();

    [[nodiscard]] QByteArray nextFilePart();
    void showProgress();
    void ask(quint64 number);

    void readMessages();
    void handle(const protocol::Message &message);
    void handleGreeting();
    void handleFileReceipt(const QByteArray &content);
    void handleAnswer(quint64 answer);
    void handleBulkReceipt(quint64 size);
    void handleError(InterprocessQt::LocalSocket::LocalSocketError error);
    void checkForSilence();

    void send(protocol::Kind kind, const QByteArray &content = {});
    void begin(Step step);
    [[nodiscard]] std::chrono::nanoseconds elapsed() const;
    void fail(const QString &reason);

    InterprocessQt::LocalSocket m_socket;
    std::optional<qint64> m_expectedProcess;
    Step m_step = Step::Greeting;
    QElapsedTimer m_stepTime;
    QTimer m_silenceTimer;
    int m_secondsOfSilence = 0;

    QFile m_file;
    QCryptographicHash m_hash{QCryptographicHash::Sha256};
    std::chrono::nanoseconds m_hashTime{};
    quint64 m_fileSize = 0; // as it was read
    std::unique_ptr<Sender> m_sender;
    std::unique_ptr<Progress> m_progress;
    quint64 m_asked = 0;
    quint64 m_answered = 0;
    int m_bulkPartsSent = 0;
};

#endif
