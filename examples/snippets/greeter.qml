// SPDX-FileCopyrightText: 2026 InterprocessQt contributors
// SPDX-License-Identifier: MIT OR Apache-2.0

//! [greeter]
import InterprocessQt

LocalSocket {
    address: "greeter"
    active: true
    reconnect: true
    parser: TextParser {} // messages are lines
    onMessage: line => console.info(line)
}
//! [greeter]
