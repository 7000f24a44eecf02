// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

#include "echo.h"

using namespace InterprocessQt;

namespace
{

// The same beside so many others that the sockets are watched by epoll.
class CrowdedEcho : public Echo
{
public:
    using Echo::Echo;

protected:
    void run() override
    {
        if (m_others.empty()) {
            const Injector::Pause pause;
            for (int i = 0; i < 12; ++i)
                m_others.push_back(LocalSocket::pair());
        }
        Echo::run();
    }

private:
    std::vector<decltype(LocalSocket::pair())> m_others;
};

} // namespace

class tst_faults_local : public FaultTest
{
    Q_OBJECT

private Q_SLOTS:
    void atAFile();
    void atAFileForEverybody();
    void atAnAbstractName();
    void amongMany();
    void byteByByte();
};

void tst_faults_local::atAFile()
{
    inject([this] {
        return std::make_unique<Echo>(path(), 300'000);
    });
}

void tst_faults_local::atAFileForEverybody()
{
    inject([this] {
        return std::make_unique<Echo>(path(), 10, LocalServer::WorldAccessOption);
    });
}

void tst_faults_local::atAnAbstractName()
{
    const QString name = abstractName();
    inject([name] {
        return std::make_unique<Echo>(Address::namespaced(name), 10);
    });
}

void tst_faults_local::amongMany()
{
    inject([this] {
        return std::make_unique<CrowdedEcho>(path(), 2'000'000);
    });
}

void tst_faults_local::byteByByte()
{
    transferByteByByte([this] {
        return std::make_unique<Echo>(path(), 3000);
    });
}

QTEST_GUILESS_MAIN(tst_faults_local)

#include "tst_faults_local.moc"
